package dev.demur.app.command.chat;

import dev.demur.lab.policy.Policy;
import dev.demur.lab.steer.OfPrompt;
import dev.demur.model.ChatModel;
import dev.demur.model.Reply;
import dev.demur.model.SteeredModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import dev.demur.model.text.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A conversation with a model, steered or not. Changed by every answer and every setting.
///
/// Directions of policies belong to the scope the conversation is held in.
final class Conversation {

  private final ChatModel model;
  private final UnaryOperator<SteeredModel> writing;
  private final List<ChatMessage> messages = new ArrayList<>();
  private Policy policy;
  private Optional<String> system;

  /// @param writing how answers are written
  Conversation(
      ChatModel model,
      UnaryOperator<SteeredModel> writing,
      Policy policy,
      Optional<String> system) {
    this.model = model;
    this.writing = writing;
    this.policy = policy;
    this.system = system;
  }

  ChatModel model() {
    return model;
  }

  Policy policy() {
    return policy;
  }

  Optional<String> system() {
    return system;
  }

  /// All turns so far, the system message first.
  List<ChatMessage> messages() {
    var all = new ArrayList<ChatMessage>();
    system.map(ChatMessage::system).ifPresent(all::add);
    all.addAll(messages);
    return all;
  }

  /// Forgets what was said.
  void reset() {
    messages.clear();
  }

  /// Puts another system message, or none, before everything.
  void instruct(Optional<String> text) {
    system = text;
  }

  /// Does something else to the model from now on.
  void steer(Policy next) {
    policy = next;
  }

  /// Answers a message and remembers both. A message that cannot be answered is forgotten.
  ///
  /// @param piece receives the answer as it is written; returns whether to continue
  Reply answer(String message, Predicate<String> piece) {
    messages.add(ChatMessage.user(message));
    try {
      var reply = writing.apply(model.with(policy)).chat(messages(), piece);
      messages.add(ChatMessage.assistant(reply.text()));
      return reply;
    } catch (RuntimeException e) {
      messages.removeLast();
      throw e;
    }
  }

  /// What the unedited and the steered model answer, written side by side in one batch. The
  /// conversation does not go on with either.
  ///
  /// @param message the question; the last one is asked again where there is none
  /// @throws IllegalArgumentException if nothing was asked yet
  /// @throws CancellationException when it must not go on
  Both compare(Optional<String> message, BooleanSupplier goesOn) {
    var asked = messages();
    if (message.isPresent()) {
      asked.add(ChatMessage.user(message.get()));
    } else if (messages.isEmpty()) {
      throw new IllegalArgumentException("nothing was asked yet; add the question: /compare TEXT");
    } else {
      asked.removeLast(); // its answer
    }
    var one = List.copyOf(asked);
    var last = new HookPoint(model.config().nLayers() - 1, Site.RESID_POST);
    var watch = HookPlan.none().probeAt(last, Positions.last(), (_, _) -> require(goesOn));
    var steered = model.with(new OfPrompt(policy, 1)).with(watch);
    var replies = writing.apply(steered).chatEach(List.of(one, one));
    return new Both(replies.getFirst(), replies.getLast());
  }

  private static void require(BooleanSupplier goesOn) {
    if (!goesOn.getAsBoolean()) {
      throw new CancellationException("stopped");
    }
  }

  /// Two answers to one question.
  record Both(Reply unedited, Reply steered) {}
}
