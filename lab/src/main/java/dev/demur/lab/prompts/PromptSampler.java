package dev.demur.lab.prompts;

import dev.demur.lab.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;

/// Draws prompts without replacement; with [SamplingMode#PYTHON_RANDOM] changed by every draw.
///
/// Source of the python-random mode: the released code seeds CPython's generator once and then
/// calls `random.sample` for harmful_train, harmless_train, harmful_val and harmless_val, in that
/// order; its harmless evaluation prompts are the fifth draw, 100 of harmless_test.
public sealed interface PromptSampler {

  /// A sampler at the start of its stream.
  ///
  /// @param seed the run's seed; 42 in the released code
  static PromptSampler of(SamplingMode mode, long seed) {
    return switch (mode) {
      case SEEDED -> new Seeded(new Seeds(seed));
      case PYTHON_RANDOM -> new AsPython(PythonRandom.seed(seed));
    };
  }

  /// Draws `count` prompts of `pool`.
  ///
  /// @param stage name of the draw, for example `sample-harmful-train`; in seeded mode it alone,
  ///   with the seed, decides the stream
  /// @throws IllegalArgumentException if the pool has fewer than `count`
  default Sample draw(String stage, PromptSet pool, int count) {
    if (count < 1 || count > pool.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "cannot draw %d prompts from %s, which has %d; ask for 1 to %d",
              count,
              pool.name(),
              pool.size(),
              pool.size()));
    }
    return new Sample(pool, indices(stage, pool.size(), count));
  }

  /// The four draws of a study, in the order of the released code.
  default StudySample draw(PromptPools pools, SampleSizes sizes) {
    var harmfulTrain = draw("sample-target-train", pools.harmfulTrain(), sizes.train());
    var harmlessTrain = draw("sample-baseline-train", pools.harmlessTrain(), sizes.train());
    var harmfulVal = draw("sample-target-val", pools.harmfulVal(), sizes.val());
    var harmlessVal = draw("sample-baseline-val", pools.harmlessVal(), sizes.val());
    return new StudySample(harmfulTrain, harmlessTrain, harmfulVal, harmlessVal);
  }

  /// Which of `size` places are drawn, in order.
  List<Integer> indices(String stage, int size, int count);

  /// A stream of its own for every stage.
  record Seeded(Seeds seeds) implements PromptSampler {

    @Override
    public List<Integer> indices(String stage, int size, int count) {
      UniformRandomProvider random = seeds.generator(stage);
      var places = new ArrayList<>(IntStream.range(0, size).boxed().toList());
      for (int i = 0; i < count; i++) { // the first steps of a Fisher-Yates shuffle
        Collections.swap(places, i, i + random.nextInt(size - i));
      }
      return List.copyOf(places.subList(0, count));
    }
  }

  /// One CPython stream through all draws.
  record AsPython(PythonRandom random) implements PromptSampler {

    @Override
    public List<Integer> indices(String stage, int size, int count) {
      return random.sample(size, count);
    }
  }
}
