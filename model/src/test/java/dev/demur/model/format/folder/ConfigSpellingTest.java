package dev.demur.model.format.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.format.BoundedJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ConfigSpellingTest {

  @Test
  void bringsRopeParametersBackToThetaAndScaling() throws IOException {
    var config =
        respelled(
            """
            {"dtype":"bfloat16","rope_parameters":{"rope_theta":500000.0,"rope_type":"llama3",
             "factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,
             "original_max_position_embeddings":8192}}\
            """);
    assertThat(config)
        .isEqualTo(
            json(
                """
                {"dtype":"bfloat16","torch_dtype":"bfloat16","rope_theta":500000.0,
                 "rope_scaling":{"rope_type":"llama3","type":"llama3","factor":8.0,
                 "low_freq_factor":1.0,"high_freq_factor":4.0,
                 "original_max_position_embeddings":8192}}\
                """));
  }

  @Test
  void theDefaultKindIsSaid() throws IOException {
    assertThat(
            respelled(
                """
                {"rope_parameters":{"rope_theta":1e4,"rope_type":"default",
                 "partial_rotary_factor":0.25}}\
                """))
        .isEqualTo(
            json(
                """
                {"rope_theta":1e4,"partial_rotary_factor":0.25,
                 "rope_scaling":{"rope_type":"default","type":"default"}}\
                """));
  }

  @Test
  void theOlderKeyGoesFirst() throws IOException {
    assertThat(
            respelled(
                """
                {"rope_theta":1.0,"rope_scaling":{"type":"linear","factor":2.0,"rope_theta":5.0},
                 "rope_parameters":{"rope_theta":7.0,"rope_type":"default"}}\
                """))
        .isEqualTo(
            json(
                """
                {"rope_theta":5.0,
                 "rope_scaling":{"type":"linear","rope_type":"linear","factor":2.0}}\
                """));
  }

  @Test
  void anEmptyOrNullScalingSaysNothing() throws IOException {
    assertThat(respelled("{\"rope_scaling\":null}")).isEqualTo(json("{}"));
    assertThat(respelled("{\"rope_scaling\":{}}")).isEqualTo(json("{}"));
  }

  @Test
  void gptNeoXKeepsItsOwnNames() throws IOException {
    var config =
        respelled(
            """
            {"model_type":"gpt_neox","rotary_pct":1.0,
             "rope_parameters":{"rope_theta":50.0,"partial_rotary_factor":0.5}}\
            """);
    assertThat(config.path("rotary_emb_base").asDouble()).isEqualTo(50);
    assertThat(config.path("rotary_pct").asDouble()).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma3_text", "olmo3"})
  void parametersThatNameNoKindOfLayerSayNothingWhereLayersRotateByKind(String family)
      throws IOException {
    var config =
        respelled(
            "{\"model_type\":\"%s\",\"rope_parameters\":{\"rope_theta\":50.0}}"
                .replace("%s", family));
    assertThat(config).isEqualTo(json("{\"model_type\":\"%s\"}".replace("%s", family)));
  }

  @Test
  void keepsParametersPerKindOfLayer() throws IOException {
    var config =
        respelled(
            """
            {"rope_parameters":{
             "sliding_attention":{"rope_theta":10000.0,"rope_type":"default"},
             "full_attention":{"rope_theta":1000000.0,"rope_type":"linear","factor":8.0}}}\
            """);
    assertThat(config.path("rope_theta").asDouble()).isEqualTo(1e6);
    assertThat(config.path("rope_local_base_freq").asDouble()).isEqualTo(1e4);
    assertThat(config.path("rope_scaling").path("factor").asDouble()).isEqualTo(8);
    assertThat(config.path("rope_parameters").path("sliding_attention").isObject()).isTrue();
  }

  @Test
  void leavesTheOlderSpellingButNamesTheKindBothWays() throws IOException {
    assertThat(
            respelled(
                """
                {"torch_dtype":"float16","rope_theta":1e4,
                 "rope_scaling":{"type":"linear","factor":2.0},
                 "text_config":{"dtype":"float32"}}\
                """))
        .isEqualTo(
            json(
                """
                {"torch_dtype":"float16","rope_theta":1e4,
                 "rope_scaling":{"type":"linear","factor":2.0,"rope_type":"linear"},
                 "text_config":{"dtype":"float32","torch_dtype":"float32"}}\
                """));
  }

  private static ObjectNode respelled(String text) throws IOException {
    return ConfigSpelling.ofTransformers4((ObjectNode) json(text));
  }

  private static JsonNode json(String text) throws IOException {
    return BoundedJson.parse(Path.of("config.json"), text.getBytes(StandardCharsets.UTF_8));
  }
}
