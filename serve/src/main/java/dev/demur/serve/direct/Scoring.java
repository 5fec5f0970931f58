package dev.demur.serve.direct;

import dev.demur.lab.policy.Policy;
import dev.demur.lab.score.RefusalScore;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.serve.answer.Reading;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import dev.demur.serve.registry.Treatments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Scores one prompt: a pass of the unedited model, and one under the policy that was asked for.
final class Scoring {

  private static final int RETRY_SECONDS = 1;

  private final ServedModel model;
  private final Treatments treatments;
  private final Turn turn = new Turn(RETRY_SECONDS, "other prompts are being scored");

  Scoring(ServedModel model, Treatments treatments) {
    this.model = model;
    this.treatments = treatments;
  }

  /// @throws ApiException if a field is not as it must be, or others are being scored for long
  Score score(Fields body, Policy asked) {
    var subject = Subject.of(body, model, treatments);
    String name = body.text("direction").orElse("r");
    return turn.take(() -> scored(subject, name, asked));
  }

  private Score scored(Subject subject, String name, Policy asked) {
    var rows = new ArrayList<Score.Row>();
    rows.add(row(subject, name, "", HookPlan.none()));
    if (!asked.isNone()) {
      rows.add(row(subject, name, asked.toString(), treatments.plan(asked)));
    }
    return new Score(
        Score.VERSION,
        name,
        rows,
        asked.isNone() ? Optional.empty() : Optional.of(treatments.done(asked)));
  }

  private Score.Row row(Subject subject, String name, String policy, HookPlan edits) {
    var reading = new Reading(Map.of(name, subject.direction()), model.chat().config().nLayers());
    try (var _ = Scope.open()) {
      var logits =
          model
              .chat()
              .forward()
              .lastLogits(List.of(subject.prompt().tokens()), edits.then(reading.probes()));
      double score = RefusalScore.of(logits, subject.refusalTokens()).getFirst();
      return new Score.Row(
          policy,
          score,
          1 / (1 + Math.exp(-score)),
          reading.latest().getFirst().byLayer(),
          reading.latest().getFirst().nullBand());
    }
  }
}
