package dev.demur.serve.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a monitor saw of a prompt in the pass that served it.
///
/// @param alarms what follows, most general first
/// @param harmfulness score of the harmfulness probe
/// @param threshold above which the prompt counts as harmful
/// @param refusal score of the refusal probe; above 0 means that the model refuses
/// @param falsePositiveRate not exceeded by the threshold on benign prompts; absent where the bound
///   does not hold
/// @param confidence of that
/// @param doubt why it does not hold
public record Seen(
    @JsonInclude(JsonInclude.Include.ALWAYS) List<String> alarms,
    double harmfulness,
    double threshold,
    double refusal,
    OptionalDouble falsePositiveRate,
    OptionalDouble confidence,
    Optional<String> doubt) {

  public Seen {
    alarms = List.copyOf(alarms);
  }
}
