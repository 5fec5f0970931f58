package dev.demur.model.hook;

/// Something to do to a model while it runs, named without naming the model.
///
/// A [HookPlan] is one; so is whatever becomes one once the number of layers is known.
/// `ChatModel.with` takes either.
///
/// ```java
/// Steering halfOfTheLastMlp = layers ->
///     HookPlan.none().edit(new HookPoint(layers - 1, Site.MLP_OUT), x -> x.times(0.5));
/// ```
@FunctionalInterface
public interface Steering {

  /// The edits and probes of a forward pass. Its tensors belong to the caller's innermost scope.
  ///
  /// @param layers of the model
  HookPlan plan(int layers);
}
