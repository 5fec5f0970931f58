package dev.demur.app.command.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelsInfoCommandTest {

  @Test
  void saysWhatAModelIs() {
    var outcome = Cli.run("models", "info", Cli.checkpoint("qwen2-moe"));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("qwen2_moe", "d_head", "of which a token uses", "EOI tokens", "<|im_start|>")
        .contains("quick study", "paper study", "at most", "GFLOP/s")
        .contains("exact", "a direction removed from the weights: equal to ablation");
  }

  @Test
  void saysTheSameAsJson() {
    var json = json("gemma2");
    assertThat(json.path("family").asString()).isEqualTo("gemma2");
    assertThat(json.path("norm_placement").asString()).isEqualTo("before_and_after");
    assertThat(json.path("tied_embeddings").asBoolean()).isTrue();
    assertThat(json.path("stored_as").get(0).path("type").asString()).isNotEmpty();
    assertThat(json.path("eoi_tokens").size()).isPositive();
    assertThat(json.path("quick_study").path("at_most_seconds").asDouble()).isPositive();
    assertThat(json.path("paper_study").path("memory_bytes").asLong())
        .isGreaterThan(json.path("held_bytes").asLong());
    assertThat(grade(json, "a direction removed from the weights")).isEqualTo("with_reservation");
    assertThat(grade(json, "the site resid_mid")).isEqualTo("exact");
  }

  @Test
  void whatAFamilyLacksIsSaid() {
    assertThat(grade(json("neox-parallel"), "the site resid_mid")).isEqualTo("impossible");
    assertThat(json("olmo2-mha").path("norm_placement").asString()).isEqualTo("after");
    assertThat(json("gpt2").path("positions").asString()).isEqualTo("learnt");
    assertThat(grade(json("gguf-qwen2-q8_0/model.gguf"), "edited weights written to a file"))
        .isEqualTo("with_reservation");
  }

  private static JsonNode json(String checkpoint) {
    var outcome = Cli.run("models", "info", "--json", Cli.checkpoint(checkpoint));
    assertThat(outcome.err()).isEmpty();
    return JsonMapper.shared().readTree(outcome.out());
  }

  private static String grade(JsonNode json, String what) {
    return json.path("exactness")
        .valueStream()
        .filter(entry -> entry.path("what").asString().equals(what))
        .findFirst()
        .orElseThrow()
        .path("grade")
        .asString();
  }
}
