package dev.demur.app.command.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {

  @Test
  void holdsEveryTaskAgainstACeilingOfTheSameRun() {
    var outcome =
        Cli.run("bench", "--rounds", "1", "--dtype", "f32", "--json", Cli.checkpoint("qwen2-moe"));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    var json = JsonMapper.shared().readTree(outcome.out());
    var ceilings = json.path("ceilings");
    assertThat(tasks(json))
        .containsExactly("prefill", "mixed_prompts", "ablated_prompts", "batch_decode", "decode");
    for (var rate : json.path("rates")) {
      boolean reads = rate.path("task").asString().equals("decode");
      double perSecond = rate.path("per_second").asDouble();
      double ceiling = ceilings.path(reads ? "dram_read" : "f32_gemm").asDouble();
      assertThat(perSecond).isPositive();
      assertThat(rate.path("share").asDouble()).isCloseTo(perSecond / ceiling, within(1e-12));
    }
  }

  @Test
  void refusesLessThanOneRound() {
    var outcome = Cli.run("bench", "--rounds", "0", Cli.checkpoint("qwen2-moe"));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains("rounds must be >= 1, was 0");
  }

  @Test
  void aProfileMovesAtLeastWhatAnyImplementationMust() {
    var outcome =
        Cli.run(
            "bench",
            "--profile",
            "--rounds",
            "1",
            "--dtype",
            "f32",
            "--json",
            Cli.checkpoint("llama-gqa-tied"));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    var passes = JsonMapper.shared().readTree(outcome.out()).path("passes");
    assertThat(passes.size()).isEqualTo(2);
    for (var pass : passes) {
      long moved = 0;
      long least = 0;
      for (var part : pass.path("parts")) {
        moved += part.path("read").asLong() + part.path("written").asLong();
        least += part.path("least").asLong();
      }
      assertThat(least).isPositive();
      assertThat(moved).isGreaterThanOrEqualTo(least);
      assertThat(parts(pass))
          .contains("norm", "qkv", "rotation", "attention", "output", "up", "down", "unembedding")
          .doesNotContain("hooks", "other_layers");
    }
  }

  private static Iterable<String> parts(JsonNode pass) {
    return StreamSupport.stream(pass.path("parts").spliterator(), false)
        .map(part -> part.path("part").asString())
        .toList();
  }

  private static Iterable<String> tasks(JsonNode json) {
    return StreamSupport.stream(json.path("rates").spliterator(), false)
        .map(rate -> rate.path("task").asString())
        .toList();
  }
}
