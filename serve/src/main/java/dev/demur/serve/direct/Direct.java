package dev.demur.serve.direct;

import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.http.Route;
import dev.demur.serve.http.Route.Method;
import dev.demur.serve.registry.Treatments;
import java.util.List;

/// Answers clients who know Demur.
///
/// @param model the model
/// @param treatments what requests can have done to it
/// @param offers what else the server does, as the listing of directions tells it
public record Direct(ServedModel model, Treatments treatments, List<String> offers) {

  public Direct {
    offers = List.copyOf(offers);
  }

  /// What it answers.
  public List<Route> routes() {
    var validating = new Validating(model, treatments);
    var directions = new Directions(model, treatments, offers);
    var explaining = new Explaining(model, treatments);
    return List.of(
        Route.of(Method.GET, "/demur/v1/directions", x -> x.send(directions.list())),
        Route.of(
            Method.POST,
            "/demur/v1/policies/validate",
            x -> x.send(validating.validate(x.fields()))),
        Route.of(Method.POST, "/demur/v1/explain", explaining::explain));
  }
}
