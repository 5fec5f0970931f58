package dev.demur.model.arch;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.family.Family;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.lora.AdaptedModel;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// LoRA adapters against the Python package peft, unmerged, in float32 (tools/golden/adapters.py).
@Scoped
class AdaptedModelTest {

  private static final Path ADAPTERS = Path.of("src/test/resources/golden/adapters");

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path temporary;

  static Stream<Named<Path>> adapters() throws IOException {
    try (var folders = Files.list(ADAPTERS)) {
      return folders
          .sorted()
          .map(folder -> Named.of(folder.getFileName().toString(), folder))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void logitsEqualPeft(Path adapter) throws IOException {
    try (var golden = Safetensors.open(adapter.resolve("golden.safetensors"));
        var files = AdaptedModel.open(ModelLocator.open(base(adapter)), adapter)) {
      var forward = new Forward(Family.load(files, DType.F32));
      var logits = forward.logits(Checkpoints.ids(golden, "tokens"), HookPlan.none());
      assertClose(logits, Checkpoints.tensor(golden, "logits"), FLOAT32);
    }
  }

  @Test
  void theBaseModelStaysAsItWas() throws IOException {
    var adapter = ADAPTERS.resolve("saved");
    try (var golden = Safetensors.open(adapter.resolve("golden.safetensors"));
        var files = ModelLocator.open(base(adapter));
        var adapted = AdaptedModel.open(ModelLocator.open(base(adapter)), adapter)) {
      Family.load(adapted, DType.F32);
      var forward = new Forward(Family.load(files, DType.F32));
      var logits = forward.logits(Checkpoints.ids(golden, "tokens"), HookPlan.none());
      assertClose(logits, Checkpoints.tensor(golden, "base_logits"), FLOAT32);
    }
  }

  @Test
  void isAModelOfItsOwnByNameAndHash() throws IOException {
    var adapter = ADAPTERS.resolve("attention");
    try (var plain = ChatModel.load(base(adapter).toString(), DTypeChoice.F32);
        var adapted = ChatModel.load(base(adapter).toString(), adapter, DTypeChoice.F32)) {
      assertThat(adapted.name()).isEqualTo("llama-one-kv-head + attention");
      assertThat(adapted.files().weightsHash())
          .hasSize(64)
          .isNotEqualTo(plain.files().weightsHash());
      assertThat(adapted.stopTokens()).isEqualTo(plain.stopTokens());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "use_dora, true, asks for DoRA",
    "peft_type, '\"IA3\"', peft_type is \"IA3\"",
    "init_lora_weights, '\"pissa\"', changes the base model as well",
    "target_parameters, '[\"experts.gate_up_proj\"]', asks for target_parameters",
    "layer_replication, '[[0,2]]', asks for layer_replication",
    "alora_invocation_tokens, '[1]', asks for alora_invocation_tokens",
    "lora_bias, true, asks for lora_bias",
    "a_new_kind, '{\"x\":1}', asks for a_new_kind",
    "bias, '\"some\"', 'expected none, all or lora_only'",
    "r, 0, r is 0",
    "r, 4, expected rank 4",
    "r, 2.5, r is 2.5",
    "lora_alpha, null, lora_alpha is null",
    "target_modules, '[\"v_proj\"]', is named by neither",
    "target_modules, '\"(a+)+(\"', which cannot be used",
    "target_modules, '\"((.*)*)*x\"', which cannot be used"
  })
  void whatItCannotApplyIsRefusedByName(String key, String value, String message)
      throws IOException {
    var adapter = copy("attention");
    var file = adapter.resolve("adapter_config.json");
    var config = (ObjectNode) JSON.readTree(Files.readString(file));
    config.set(key, JSON.readTree(value));
    Files.writeString(file, config.toString());
    assertThatThrownBy(() -> open("llama-one-kv-head", adapter))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() {
    assertThatThrownBy(() -> open("llama-mha-untied", ADAPTERS.resolve("attention")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("belongs to another base model");
    assertThatThrownBy(() -> open("gpt2", ADAPTERS.resolve("attention")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("has no place in the base model");
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    var adapter = copy("attention");
    Files.delete(adapter.resolve("adapter_model.safetensors"));
    assertThatThrownBy(() -> open("llama-one-kv-head", adapter))
        .hasMessageContaining("neither adapter_model.safetensors nor adapter_model.bin");
    Files.delete(adapter.resolve("adapter_config.json"));
    assertThatThrownBy(() -> open("llama-one-kv-head", adapter))
        .hasMessageContaining("holds no adapter_config.json");
  }

  @Test
  void anAdapterAloneIsNoModel() {
    assertThatThrownBy(() -> ModelLocator.open(ADAPTERS.resolve("attention")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("is an adapter, not a model");
  }

  private static void open(String base, Path adapter) throws IOException {
    var files = ModelLocator.open(Checkpoints.named(base));
    AdaptedModel.open(files, adapter).close();
  }

  private static Path base(Path adapter) throws IOException {
    var json = JSON.readTree(Files.readString(adapter.resolve("case.json")));
    return Checkpoints.named(json.path("base").asString());
  }

  private Path copy(String name) throws IOException {
    try (var files = Files.list(ADAPTERS.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, temporary.resolve(file.getFileName()));
      }
    }
    return temporary;
  }
}
