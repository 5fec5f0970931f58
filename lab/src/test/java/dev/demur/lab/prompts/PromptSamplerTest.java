package dev.demur.lab.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.RealData;
import dev.demur.lab.rows.Rows;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PromptSamplerTest {

  private static final PromptPools POOLS =
      new PromptPools(set("a", 200), set("b", 300), set("c", 60), set("d", 61));

  @ParameterizedTest
  @EnumSource(SamplingMode.class)
  void drawsTheSamePromptsForTheSameSeed(SamplingMode mode) {
    var first = PromptSampler.of(mode, 42).draw(POOLS, SampleSizes.paper());
    var second = PromptSampler.of(mode, 42).draw(POOLS, SampleSizes.paper());
    var other = PromptSampler.of(mode, 43).draw(POOLS, SampleSizes.paper());
    assertThat(first).isEqualTo(second).isNotEqualTo(other);
    assertThat(first.harmfulTrain().size()).isEqualTo(128);
    assertThat(first.harmlessVal().size()).isEqualTo(32);
  }

  @Test
  void drawsOneStageAlikeWhateverElseIsDrawn() {
    var alone = PromptSampler.of(SamplingMode.SEEDED, 1).draw("x", POOLS.harmfulTrain(), 5);
    var sampler = PromptSampler.of(SamplingMode.SEEDED, 1);
    sampler.draw("y", POOLS.harmlessVal(), 9);
    assertThat(sampler.draw("x", POOLS.harmfulTrain(), 5)).isEqualTo(alone);
  }

  @Test
  void continuesOneStreamAsPythonDoes() {
    var random = PythonRandom.seed(42);
    var sampler = PromptSampler.of(SamplingMode.PYTHON_RANDOM, 42);
    assertThat(sampler.draw("first", POOLS.harmfulTrain(), 9).indices())
        .isEqualTo(random.sample(200, 9));
    assertThat(sampler.draw("second", POOLS.harmlessVal(), 9).indices())
        .isEqualTo(random.sample(61, 9));
  }

  @Test
  void saysHowManyAPoolHas() {
    assertThatThrownBy(
            () -> PromptSampler.of(SamplingMode.SEEDED, 1).draw("x", POOLS.harmfulVal(), 61))
        .hasMessage("cannot draw 61 prompts from c, which has 60; ask for 1 to 60");
  }

  @Test
  void keepsTheIndicesOfWhatAFilterKeeps() {
    var sample = new Sample(POOLS.harmfulVal(), List.of(7, 3, 9));
    assertThat(sample.keep(List.of(0, 2)).indices()).containsExactly(7, 9);
    assertThat(sample.keep(List.of(2)).instructions()).containsExactly("c 9");
  }

  /// The released run's harmless evaluation prompts are the fifth draw of the stream, so that all
  /// five must agree with CPython's.
  @Test
  @Tag("real")
  void drawsThePromptsOfTheReleasedRun() throws IOException {
    var layout = ReleasedLayout.at(RealData.path("refusal_direction"));
    var sampler = PromptSampler.of(SamplingMode.PYTHON_RANDOM, 42);
    sampler.draw(layout.pools(), SampleSizes.paper());
    var fifth = sampler.draw("sample-baseline-test", layout.harmless(Split.TEST), 100);
    var released =
        Rows.read(RealData.path("released-run/completions/harmless_baseline_completions.json"));
    assertThat(fifth.instructions())
        .isEqualTo(released.rows().stream().map(row -> row.get("prompt").orElseThrow()).toList());
  }

  private static PromptSet set(String name, int size) {
    return PromptSet.of(name, IntStream.range(0, size).mapToObj(i -> name + " " + i).toList());
  }
}
