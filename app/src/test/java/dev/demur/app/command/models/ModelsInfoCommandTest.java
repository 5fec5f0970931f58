package dev.demur.app.command.models;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    var host = json.path("devices").get(0);
    assertThat(host.path("device").asString()).isEqualTo("cpu");
    assertThat(host.path("fits").asBoolean()).isTrue();
    assertThat(host.path("shares").get(0).path("weights_bytes").asLong())
        .isEqualTo(json.path("held_bytes").asLong());
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

  @Test
  void quantisedWeightsAndWhatBecomesOfActivationsAreSaid(@TempDir Path folder) throws IOException {
    var model = quantised("ct-int8", folder);
    var json = json(model);
    assertThat(json.path("stored_as").toString()).contains("INT8");
    assertThat(note(json, "quantised weights")).contains("compressed-tensors");
    assertThat(grade(json, "quantised activations")).isEqualTo("with_reservation");
    assertThat(grade(json, "edited weights written to a file")).isEqualTo("with_reservation");
    assertThat(note(json(quantised("gptq-v1", folder)), "quantised weights"))
        .contains("GPTQ, 4 bits");
  }

  @Test
  void imagesThatAreNotReadAreSaid() {
    var json = json("qwen3-vl");
    assertThat(grade(json, "images")).isEqualTo("impossible");
    assertThat(note(json, "images")).contains("tensors for images are not");
    assertThat(json("qwen3-tied").path("exactness").toString()).doesNotContain("\"images\"");
  }

  /// A tiny quantised model with a vocabulary of its forty rows.
  private static Path quantised(String name, Path folder) throws IOException {
    var golden = Cli.checkpoint("..").resolve("quantised").resolve(name);
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(golden.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    var vocabulary =
        IntStream.range(0, 40).mapToObj(id -> "\"w" + id + "\":" + id).collect(joining(","));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"version\":\"1.0\",\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"w0\",\"vocab\":{"
            + vocabulary
            + "}}}");
    return folder;
  }

  private static JsonNode json(String checkpoint) {
    return json(Cli.checkpoint(checkpoint));
  }

  private static JsonNode json(Path model) {
    var outcome = Cli.run("models", "info", "--json", model);
    assertThat(outcome.err()).isEmpty();
    return JsonMapper.shared().readTree(outcome.out());
  }

  private static String grade(JsonNode json, String what) {
    return exactness(json, what).path("grade").asString();
  }

  private static String note(JsonNode json, String what) {
    return exactness(json, what).path("note").asString();
  }

  private static JsonNode exactness(JsonNode json, String what) {
    return json.path("exactness")
        .valueStream()
        .filter(entry -> entry.path("what").asString().equals(what))
        .findFirst()
        .orElseThrow();
  }
}
