package dev.demur.serve.direct;

import dev.demur.lab.policy.Policy;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.Fields;
import dev.demur.serve.http.Route;
import dev.demur.serve.http.Route.Method;
import dev.demur.serve.registry.Treatments;
import java.util.List;

/// Answers clients who know Demur.
public final class Direct {

  private final Treatments treatments;
  private final Validating validating;
  private final Directions directions;
  private final Scoring scoring;
  private final Explaining explaining;

  /// @param treatments what requests can have done to the model
  /// @param offers what else the server does, as the listing of directions tells it
  public Direct(ServedModel model, Treatments treatments, List<String> offers) {
    this.treatments = treatments;
    this.validating = new Validating(model, treatments);
    this.directions = new Directions(model, treatments, offers);
    this.scoring = new Scoring(model, treatments);
    this.explaining = new Explaining(model, treatments);
  }

  /// What it answers.
  public List<Route> routes() {
    return List.of(
        Route.of(Method.GET, "/demur/v1/directions", x -> x.send(directions.list())),
        Route.of(
            Method.POST,
            "/demur/v1/policies/validate",
            x -> x.send(validating.validate(x.fields()))),
        Route.of(
            Method.POST,
            "/demur/v1/score",
            x -> {
              var body = x.fields();
              x.send(score(body, treatments.wanted(body).policy()));
            }),
        Route.of(
            Method.POST,
            "/demur/v1/restore",
            x -> {
              var body = x.fields();
              x.send(explaining.restore(body, treatments.wanted(body).policy()));
            }),
        Route.of(
            Method.POST,
            "/demur/v1/explain",
            x -> {
              var body = x.fields();
              x.send("application/json", explain(body, treatments.wanted(body).policy()));
            }));
  }

  /// How strongly a prompt opens a refusal.
  ///
  /// @param subject the prompt, and what is read along
  /// @param policy under which it is scored beside the unedited model
  public Score score(Fields subject, Policy policy) {
    return scoring.score(subject, policy);
  }

  /// One prompt under the microscope, as JSON.
  ///
  /// @param subject the prompt, and what is read along
  /// @param policy whose effect is shown; none for what the direction is usually for
  public String explain(Fields subject, Policy policy) {
    return explaining.explain(subject, policy);
  }
}
