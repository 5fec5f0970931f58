package dev.demur.serve.direct;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.explain.Microscope;
import dev.demur.lab.explain.Restoring;
import dev.demur.lab.explain.Restoring.Restored;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.report.format.ExplainFiles;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import dev.demur.serve.registry.Treatments;
import java.util.List;

/// One prompt under the microscope: the stream along a direction at every token and layer, what
/// heads and MLPs write, what the model would say at each layer, what interventions change.
final class Explaining {

  private static final int USUAL_HEADS = 8;
  private static final int MOST_HEADS = 64;
  private static final int RETRY_SECONDS = 5;

  private final ServedModel model;
  private final Treatments treatments;
  private final Turn turn = new Turn(RETRY_SECONDS, "another explanation is being made");

  Explaining(ServedModel model, Treatments treatments) {
    this.model = model;
    this.treatments = treatments;
  }

  /// The `prompt.json` of what a body asks for.
  ///
  /// @param asked policy shown beside the unedited model; none for what the direction is for
  /// @throws ApiException if a field is not as it must be, or another explanation is being made
  String explain(Fields body, Policy asked) {
    var subject = Subject.of(body, model, treatments);
    int heads = body.whole("heads", 1, MOST_HEADS).orElse(USUAL_HEADS);
    return turn.take(
        () ->
            ExplainFiles.json(
                new Microscope(model.chat(), subject.direction(), subject.refusalTokens(), heads)
                    .look(subject.prompt(), looks(asked, subject.direction()))));
  }

  /// What putting heads of an unedited pass back does, as a body asks for it.
  ///
  /// @param asked policy that changes the pass
  /// @throws ApiException if a field is not as it must be, or another explanation is being made
  Restored restore(Fields body, Policy asked) {
    var subject = Subject.of(body, model, treatments);
    int heads = body.whole("heads", 1, MOST_HEADS).orElse(USUAL_HEADS);
    var from = Subject.before(body, model, subject);
    return turn.take(
        () ->
            new Restoring(model.chat(), subject.direction().unit(), subject.refusalTokens(), heads)
                .restore(from, subject.prompt(), asked));
  }

  /// The unedited model, and the request's policy or what the direction is usually for.
  private static List<Treatment> looks(Policy asked, Direction direction) {
    var unedited = Treatment.unedited();
    return asked.isNone()
        ? List.of(
            unedited,
            Treatment.ablation(Variant.ABLATION, direction),
            Treatment.addition(Variant.ADDITION, direction, 1))
        : List.of(unedited, Treatment.policy(asked));
  }
}
