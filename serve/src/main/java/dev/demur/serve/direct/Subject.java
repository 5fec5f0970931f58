package dev.demur.serve.direct;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.model.text.Prompt;
import dev.demur.serve.answer.Chats;
import dev.demur.serve.answer.Prompts;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import dev.demur.serve.registry.Known;
import dev.demur.serve.registry.Treatments;
import java.util.Set;
import java.util.TreeSet;

/// What a body asks to have looked at: a prompt, a direction, and the tokens that open a refusal.
///
/// @param prompt with its suffix, or a conversation
/// @param direction what is read along
/// @param refusalTokens ids
record Subject(Prompt prompt, Direction direction, Set<Integer> refusalTokens) {

  private static final String USUAL_DIRECTION = "r";

  Subject {
    refusalTokens = Set.copyOf(refusalTokens);
  }

  /// Reads the fields `prompt` and `suffix` or `messages`, `direction` and `refusal_tokens`.
  ///
  /// @throws ApiException if one is not as it must be
  static Subject of(Fields body, ServedModel model, Treatments treatments) {
    var known = direction(body, treatments);
    var prompt = prompt(body, model);
    var _ = Prompts.room(prompt.tokens(), model, body.has("messages") ? "messages" : "prompt");
    return new Subject(prompt, known.direction().orElseThrow(), refusalTokens(body, known, model));
  }

  /// The prompt that a changed one was before: that of the object `before`, or else the same
  /// without its suffix.
  static Prompt before(Fields body, ServedModel model, Subject changed) {
    if (body.has("before")) {
      return prompt(body.object("before"), model);
    }
    return body.has("messages")
        ? changed.prompt()
        : model.chat().prompts().format(body.requireText("prompt"));
  }

  private static Known direction(Fields body, Treatments treatments) {
    String name = body.text("direction").orElse(USUAL_DIRECTION);
    return treatments
        .registry()
        .entry(name)
        .filter(known -> known.direction().isPresent())
        .orElseThrow(
            () ->
                ApiException.invalid(
                    body.name("direction"),
                    "no direction is called \""
                        + name
                        + "\"; there are "
                        + treatments.registry().known()));
  }

  private static Prompt prompt(Fields body, ServedModel model) {
    if (body.has("messages")) {
      return Chats.prompt(body, model);
    }
    return model
        .chat()
        .prompts()
        .formatWithSuffix(body.requireText("prompt"), body.text("suffix").orElse(""));
  }

  private static Set<Integer> refusalTokens(Fields body, Known known, ServedModel model) {
    int vocabulary = model.chat().config().dVocab();
    var ids = new TreeSet<Integer>();
    for (var id : body.list("refusal_tokens", vocabulary)) {
      boolean fits = id.isIntegralNumber() && id.canConvertToInt();
      if (!fits || id.asInt() < 0 || id.asInt() >= vocabulary) {
        throw ApiException.invalid(
            body.name("refusal_tokens"),
            "refusal_tokens must be ids of tokens, 0 to " + (vocabulary - 1));
      }
      ids.add(id.asInt());
    }
    if (ids.isEmpty()) {
      ids.addAll(known.refusalTokens().map(RefusalTokens::ids).orElse(Set.of()));
    }
    if (ids.isEmpty()) {
      throw ApiException.invalid(
          body.name("refusal_tokens"),
          "it is not known with which tokens "
              + model.name()
              + " opens a refusal; give their ids as refusal_tokens");
    }
    return ids;
  }
}
