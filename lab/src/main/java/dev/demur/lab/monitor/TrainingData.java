package dev.demur.lab.monitor;

import dev.demur.lab.Seeds;
import dev.demur.lab.prompts.PromptSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.sampling.ListSampler;

/// The prompts a monitor is made of.
///
/// @param harmful prompts to be found
/// @param benign prompts not to be alarmed by
/// @param answered harmful prompts the model answers, such as those with a suffix; may be empty
public record TrainingData(PromptSet harmful, PromptSet benign, List<String> answered) {

  /// Share of the benign prompts that the probes see; thresholds are set on the rest.
  private static final double SEEN = 0.4;

  /// Share of what the probes see that layers are chosen on.
  private static final double CHOICE = 0.3;

  public TrainingData {
    answered = List.copyOf(answered);
  }

  /// Prompts of one kind by what they are used for; no prompt is in two parts.
  ///
  /// @param fit probes are fitted on them
  /// @param choice layers and methods are chosen on them
  /// @param calibration thresholds are set on them
  record Parts(List<String> fit, List<String> choice, List<String> calibration) {}

  Parts benignParts(long seed) {
    var shuffled = shuffled(benign.instructions(), seed, "benign");
    int seen = (int) Math.round(SEEN * shuffled.size());
    return parts(shuffled, seen);
  }

  Parts harmfulParts(long seed) {
    var shuffled = shuffled(harmful.instructions(), seed, "harmful");
    return parts(shuffled, shuffled.size());
  }

  private static Parts parts(List<String> shuffled, int seen) {
    int choice = (int) Math.round(CHOICE * seen);
    return new Parts(
        shuffled.subList(choice, seen),
        shuffled.subList(0, choice),
        shuffled.subList(seen, shuffled.size()));
  }

  private static List<String> shuffled(List<String> instructions, long seed, String name) {
    var copy = new ArrayList<>(instructions.stream().distinct().toList());
    ListSampler.shuffle(new Seeds(seed).generator("monitor-" + name), copy);
    return copy;
  }
}
