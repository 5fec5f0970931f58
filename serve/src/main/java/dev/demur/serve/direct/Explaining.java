package dev.demur.serve.direct;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.explain.Microscope;
import dev.demur.lab.explain.Restoring;
import dev.demur.lab.explain.Restoring.Restored;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.report.format.ExplainFiles;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.model.tensor.Scope;
import dev.demur.serve.answer.Passes;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import dev.demur.serve.registry.Treatments;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

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

  /// The `prompt.json` of what a body asks for.
  ///
  /// @param asked policy shown beside the unedited model; none for what the direction is for
  /// @throws ApiException if a field is not as it must be, or another explanation is being made
  String explain(Fields body, Policy asked) {
    return Passes.of(() -> explained(body, asked));
  }

  private String explained(Fields body, Policy asked) {
    var subject = Subject.of(body, model, treatments);
    int heads = body.whole("heads", 1, MOST_HEADS).orElse(USUAL_HEADS);
    return alone(
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
    return Passes.of(() -> restored(body, asked));
  }

  private Restored restored(Fields body, Policy asked) {
    var subject = Subject.of(body, model, treatments);
    int heads = body.whole("heads", 1, MOST_HEADS).orElse(USUAL_HEADS);
    var from = Subject.before(body, model, subject);
    return alone(
        () ->
            new Restoring(model.chat(), subject.direction().unit(), subject.refusalTokens(), heads)
                .restore(from, subject.prompt(), asked));
  }

  private <T> T alone(Supplier<T> look) {
    try {
      if (!one.tryAcquire(RETRY_SECONDS, TimeUnit.SECONDS)) {
        throw ApiException.later("another explanation is being made", RETRY_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(ApiException.Reason.CLOSING, "the server is going down");
    }
    try (var _ = Scope.open()) {
      return look.get();
    } finally {
      one.release();
    }
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
