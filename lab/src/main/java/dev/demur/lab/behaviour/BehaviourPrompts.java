package dev.demur.lab.behaviour;

import static dev.demur.lab.behaviour.BehaviourConfig.FEWEST;

import dev.demur.lab.prompts.PromptSampler;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.prompts.Sample;
import dev.demur.lab.prompts.SamplingMode;
import dev.demur.lab.prompts.Split;
import java.io.IOException;
import java.util.Locale;

/// The prompts of an audit. Those that are read and those that are answered are different ones, so
/// that no direction is tested on the prompts it was made of.
///
/// @param readHarmful show the behaviour; read for directions and means
/// @param readHarmless do not; read for directions and means
/// @param askedHarmful show the behaviour; answered
/// @param askedHarmless do not; answered
public record BehaviourPrompts(
    Sample readHarmful, Sample readHarmless, Sample askedHarmful, Sample askedHarmless) {

  /// Draws from the train and test sets of a data folder.
  public static BehaviourPrompts of(ReleasedLayout layout, BehaviourConfig config)
      throws IOException {
    return new BehaviourPrompts(
        draw(layout.harmful(Split.TRAIN), "read-target", config.read(), config),
        draw(layout.harmless(Split.TRAIN), "read-baseline", config.read(), config),
        draw(layout.harmful(Split.TEST), "asked-target", config.asked(), config),
        draw(layout.harmless(Split.TEST), "asked-baseline", config.asked(), config));
  }

  /// Draws from one set of each kind, which is split; a small one in the same proportion.
  ///
  /// @throws IllegalArgumentException if a set is too small to be split
  public static BehaviourPrompts of(PromptSet harmful, PromptSet harmless, BehaviourConfig config) {
    var one = Parts.of(harmful, "target", config);
    var other = Parts.of(harmless, "baseline", config);
    return new BehaviourPrompts(one.read, other.read, one.asked, other.asked);
  }

  private static Sample draw(PromptSet set, String name, int count, BehaviourConfig config) {
    return PromptSampler.of(SamplingMode.SEEDED, config.seed())
        .draw("sample-behaviour-" + name, set, Math.min(count, set.size()));
  }

  /// One set in two parts.
  private record Parts(Sample read, Sample asked) {

    static Parts of(PromptSet set, String name, BehaviourConfig config) {
      if (set.size() < 2 * FEWEST) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s holds %d prompts; an audit reads some and asks others, give at least %d",
                set.name(),
                set.size(),
                2 * FEWEST));
      }
      int wanted = config.read() + config.asked();
      var drawn = draw(set, name, wanted, config);
      int read =
          Math.clamp((long) drawn.size() * config.read() / wanted, FEWEST, drawn.size() - FEWEST);
      return new Parts(
          new Sample(set, drawn.indices().subList(0, read)),
          new Sample(set, drawn.indices().subList(read, drawn.size())));
    }
  }
}
