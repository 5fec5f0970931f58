package dev.demur.model.arch.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.RenamedFiles;
import dev.demur.kit.Scoped;
import dev.demur.kit.WithConfig;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A multimodal checkpoint holds a text model under longer names and a nested configuration.
@Scoped
class MultimodalTextTest {

  @ParameterizedTest
  @CsvSource({
    "gemma3, gemma3, language_model.model., language_model.lm_head.",
    "gemma3, gemma3, model.language_model., lm_head.",
    "gemma4, gemma4-small, model.language_model., lm_head.",
    "gemma4_unified, gemma4-unified, model.language_model., lm_head.",
    "gemma4, gemma4-moe, language_model.model., language_model.lm_head.",
    "mistral3, ministral3, language_model.model., language_model.lm_head.",
    "mistral3, ministral3, model.language_model., lm_head.",
    "mistral3, ministral3-window, language_model.model., language_model.lm_head.",
    "mistral3, mistral-window, language_model.model., language_model.lm_head.",
    "mistral3, mistral-no-window, model.language_model., lm_head.",
    "llama4, llama4-scout, language_model.model., language_model.lm_head.",
    "qwen3_5, qwen3.5, model.language_model., lm_head.",
    "qwen3_5_moe, qwen3.5-moe, model.language_model., lm_head.",
    "llava, llama-one-kv-head, language_model.model., language_model.lm_head.",
    "llava, gemma-mha, model.language_model., lm_head.",
    "llava, mixtral, model.language_model., lm_head.",
    "llava_next, mistral-window, model.language_model., lm_head."
  })
  void theLanguageModelInsideIsTheTextModel(
      String type, String checkpoint, String root, String unembedding) throws IOException {
    var folder = Checkpoints.named(checkpoint);
    try (var text = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(new Multimodal(text, type, root, unembedding), DType.F32);
      var ids = Checkpoints.ids(golden, "prompt.1.tokens");
      var expected = new Forward(Family.load(text, DType.F32), 64).logits(ids, HookPlan.none());
      assertThat(new Forward(model, 64).logits(ids, HookPlan.none()).toFloats())
          .containsExactly(expected.toFloats());
    }
  }

  /// Tensors of images are known by name; any other would be left out unnoticed.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "speech_tower.conv1.weight                  | has no place in this model family",
        "model.language_model.embed_tokens.weight   | are one and the same in the text model"
      })
  void whatIsNeitherTextNorImagesIsRefused(String tensor, String named) throws IOException {
    try (var whole = Checkpoints.open(Checkpoints.named("llava"))) {
      var stored = new LinkedHashSet<>(whole.weights().names());
      stored.add(tensor);
      assertThatThrownBy(() -> Family.load(new Named(whole, stored), DType.F32))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining(tensor)
          .hasMessageContaining(named);
    }
  }

  @Test
  void aTextModelOfAnUnknownFamilyIsNamed() throws IOException {
    try (var whole = Checkpoints.open(Checkpoints.named("llava"))) {
      var config = (ObjectNode) whole.config().deepCopy();
      config.withObject("text_config").put("model_type", "persimmon");
      assertThatThrownBy(() -> Family.load(new WithConfig(whole, config), DType.F32))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("persimmon");
    }
  }

  /// transformers cannot split the frequencies then.
  @Test
  void sharesOfFrequenciesThatDoNotAddUpAreRefused() throws IOException {
    try (var whole = Checkpoints.open(Checkpoints.named("qwen2-vl"))) {
      var config = (ObjectNode) whole.config().deepCopy();
      config.withObject("rope_scaling").putArray("mrope_section").add(1).add(1);
      assertThatThrownBy(() -> Family.load(new WithConfig(whole, config), DType.F32))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("mrope_section");
    }
  }

  /// The same tensors and names of others.
  private record Named(ModelFiles files, Set<String> names) implements RenamedFiles {

    @Override
    public String original(String name) {
      return name;
    }
  }

  /// A text model as transformers stores it beside an image encoder.
  private record Multimodal(ModelFiles files, String type, String root, String unembedding)
      implements RenamedFiles {

    private static final String UNEMBEDDING = "lm_head.";

    @Override
    public JsonNode config() {
      var config = new JsonMapper().createObjectNode().put("model_type", type);
      config.set("text_config", files.config());
      config.putObject("vision_config").put("hidden_size", 8);
      return config;
    }

    @Override
    public Set<String> names() {
      var names = new LinkedHashSet<String>();
      names.add("vision_tower.vision_model.post_layernorm.weight");
      names.add("multi_modal_projector.mm_input_projection_weight");
      names.add("model.visual.merger.norm.weight");
      names.add("vision_model.layernorm_post.weight");
      names.add("model.audio_tower.output_proj.weight");
      names.add("model.embed_vision.embedding_projection.weight");
      files.weights().names().forEach(name -> names.add(inWhole(name)));
      return names;
    }

    private String inWhole(String name) {
      return name.startsWith(UNEMBEDDING)
          ? name.replaceFirst(UNEMBEDDING, unembedding)
          : name.replaceFirst("^model\\.", root);
    }

    @Override
    public String original(String name) {
      return name.startsWith(unembedding)
          ? name.replaceFirst(unembedding, UNEMBEDDING)
          : "model." + name.substring(root.length());
    }
  }
}
