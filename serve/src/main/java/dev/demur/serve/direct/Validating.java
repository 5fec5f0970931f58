package dev.demur.serve.direct;

import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.PolicySyntaxException;
import dev.demur.lab.policy.Rule;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.Fields;
import dev.demur.serve.registry.Done;
import dev.demur.serve.registry.Treatments;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Says whether a line is a policy for the served model, and why not. Nothing is run but what a
/// dose takes.
///
/// @param model the model
/// @param treatments whose names
record Validating(ServedModel model, Treatments treatments) {

  /// What was found.
  ///
  /// @param valid whether the line can be used
  /// @param policy the line, printed back, where it is one
  /// @param rules its rules, each as a line
  /// @param done what using it would tell
  /// @param problem the reason why it cannot be used
  record Verdict(
      boolean valid,
      Optional<String> policy,
      List<String> rules,
      Optional<Done> done,
      Optional<Problem> problem) {}

  /// Why a line cannot be used.
  ///
  /// @param message one line
  /// @param position character at which it stops making sense, from 1
  /// @param found what stands there
  /// @param expected what should
  record Problem(
      String message, OptionalInt position, Optional<String> found, Optional<String> expected) {}

  Verdict validate(Fields body) {
    String line = body.requireText("policy");
    try {
      return valid(treatments.policy(line));
    } catch (PolicySyntaxException e) {
      return invalid(
          new Problem(
              String.valueOf(e.getMessage()),
              OptionalInt.of(e.position()),
              Optional.of(e.found()),
              Optional.of(e.expected())));
    } catch (IllegalArgumentException e) {
      return invalid(
          new Problem(
              String.valueOf(e.getMessage()),
              OptionalInt.empty(),
              Optional.empty(),
              Optional.empty()));
    }
  }

  private Verdict valid(Policy policy) {
    return new Verdict(
        true,
        Optional.of(policy.toString()),
        policy.rules().stream().map(Rule::toString).toList(),
        Optional.of(treatments.done(policy)),
        Optional.empty());
  }

  private static Verdict invalid(Problem problem) {
    return new Verdict(false, Optional.empty(), List.of(), Optional.empty(), Optional.of(problem));
  }
}
