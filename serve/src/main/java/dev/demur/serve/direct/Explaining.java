package dev.demur.serve.direct;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.explain.Microscope;
import dev.demur.lab.report.format.ExplainFiles;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.Prompt;
import dev.demur.serve.answer.Chats;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import dev.demur.serve.http.Exchange;
import dev.demur.serve.registry.Known;
import dev.demur.serve.registry.Treatments;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;

/// One prompt under the microscope: the stream along a direction at every token and layer, what
/// heads and MLPs write, what the model would say at each layer, what interventions change.
final class Explaining {

  private static final int USUAL_HEADS = 8;
  private static final int MOST_HEADS = 64;
  private static final int RETRY_SECONDS = 5;

  private final ServedModel model;
  private final Treatments treatments;

  /// A look takes many passes, beside those that serve everybody.
  private final Semaphore one = new Semaphore(1);

  Explaining(ServedModel model, Treatments treatments) {
    this.model = model;
    this.treatments = treatments;
  }

  void explain(Exchange exchange) {
    var body = exchange.fields();
    var known = direction(body);
    var prompt = prompt(body);
    var tokens = refusalTokens(body, known);
    int heads = body.whole("heads", 1, MOST_HEADS).orElse(USUAL_HEADS);
    var looks = looks(body, known.direction().orElseThrow());
    if (!one.tryAcquire()) {
      throw ApiException.later("another explanation is being made", RETRY_SECONDS);
    }
    try (var _ = Scope.open()) {
      var found =
          new Microscope(model.chat(), known.direction().orElseThrow(), tokens, heads)
              .look(prompt, looks);
      exchange.send("application/json", ExplainFiles.json(found));
    } finally {
      one.release();
    }
  }

  private Known direction(Fields body) {
    String name = body.text("direction").orElse("r");
    return treatments
        .registry()
        .entry(name)
        .filter(known -> known.direction().isPresent())
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "direction",
                    "no direction is called \""
                        + name
                        + "\"; there are "
                        + treatments.registry().known()));
  }

  /// A prompt with a suffix, or a conversation.
  private Prompt prompt(Fields body) {
    if (body.has("messages")) {
      return Chats.prompt(body, model);
    }
    return model
        .chat()
        .prompts()
        .formatWithSuffix(body.requireText("prompt"), body.text("suffix").orElse(""));
  }

  private Set<Integer> refusalTokens(Fields body, Known known) {
    var ids = new TreeSet<Integer>();
    for (var id : body.list("refusal_tokens", model.chat().config().dVocab())) {
      boolean fits = id.isIntegralNumber() && id.canConvertToInt();
      if (!fits || id.asInt() < 0 || id.asInt() >= model.chat().config().dVocab()) {
        throw ApiException.invalid("refusal_tokens", "refusal_tokens must be ids of tokens");
      }
      ids.add(id.asInt());
    }
    if (ids.isEmpty()) {
      ids.addAll(known.refusalTokens().map(RefusalTokens::ids).orElse(Set.of()));
    }
    if (ids.isEmpty()) {
      throw ApiException.invalid(
          "refusal_tokens",
          "it is not known with which tokens "
              + model.name()
              + " opens a refusal; give their ids as refusal_tokens");
    }
    return ids;
  }

  /// The unedited model, and the request's policy or what the direction is usually for.
  private List<Treatment> looks(Fields body, Direction direction) {
    var looks = new ArrayList<Treatment>();
    looks.add(Treatment.unedited());
    var asked = treatments.wanted(body).policy();
    if (!asked.isNone()) {
      looks.add(Treatment.policy(asked));
      return looks;
    }
    looks.add(Treatment.ablation(Variant.ABLATION, direction));
    looks.add(Treatment.addition(Variant.ADDITION, direction, 1));
    return looks;
  }
}
