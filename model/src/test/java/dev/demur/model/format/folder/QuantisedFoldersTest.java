package dev.demur.model.format.folder;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.family.Family;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Quantised checkpoints against what their own packages make of them (tools/golden/quantised.py).
@Scoped
@EveryDevice
class QuantisedFoldersTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/quantised");
  private static final String Q_PROJ = "model.layers.0.self_attn.q_proj";

  @TempDir private Path folder;

  static Stream<String> cases() throws IOException {
    try (var folders = Files.list(GOLDEN)) {
      return folders.map(path -> path.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyMatrixIsThePackagesOwnBitForBit(String name) throws IOException {
    try (var files = opened(name);
        var golden = Safetensors.open(GOLDEN.resolve(name).resolve("golden.safetensors"))) {
      var matrices = golden.names().stream().filter(n -> n.endsWith(".weight")).toList();
      assertThat(matrices).hasSize(7);
      for (String matrix : matrices) {
        var expected = golden.stored(matrix);
        assertThat(files.weights().info(matrix).shape()).isEqualTo(expected.info().shape());
        for (var type : new DType[] {DType.F32, DType.BF16}) {
          assertThat(
                  files.weights().load(matrix, type).segment().mismatch(bytes(expected.load(type))))
              .as("%s as %s: first byte that differs", matrix, type)
              .isEqualTo(-1);
        }
      }
    }
  }

  private static MemorySegment bytes(Tensor tensor) {
    return tensor.contiguous().segment();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logitsEqualTransformersWithThoseMatrices(String name) throws IOException {
    try (var files = opened(name);
        var golden = Safetensors.open(GOLDEN.resolve(name).resolve("golden.safetensors"))) {
      var forward = new Forward(Family.load(files, Devices.held(DType.F32)));
      assertClose(
          forward.logits(Checkpoints.ids(golden, "tokens"), HookPlan.none()),
          Checkpoints.tensor(golden, "logits"),
          FLOAT32);
    }
  }

  @Test
  void aBiasOfZerosThatAutoGptqMadeUpIsNone() throws IOException {
    var files = altered("gptq-v1", Map.of(Q_PROJ + ".bias", Tensor.zeros(DType.F16, 32)));
    assertThat(files.weights().names()).doesNotContain(Q_PROJ + ".bias");
    files.close();
    var other = altered("gptq-v1", Map.of(Q_PROJ + ".bias", Tensor.of(ramp(32), 32)));
    assertThat(other.weights().names()).contains(Q_PROJ + ".bias");
    other.close();
  }

  /// The tensor named gets a shape it cannot have with the others.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gptq-v1          | qweight           | 3 32 | expected one group for each input
          gptq-v1          | qzeros            | 2 5  | expected a zero point for each scale
          gptq-v1          | scales            | 2 31 | expected a scale for each of 32 outputs
          gptq-v1          | g_idx             | 7    | expected one group for each input
          gptq-v2-no-order | scales            | 3 32 | 32 inputs in groups of 16
          gptq-v1          | qweight           | 0 32 | expected a matrix of type I32
          awq              | qweight           | 32 5 | expected 40 outputs for 32 inputs
          awq              | qzeros            | 1 4  | expected a zero point for each scale
          awq              | scales            | 3 32 | 32 inputs in groups of 16
          ct-int4          | weight_packed     | 32 3 | expected what config.json says (4 bits, groups of 16)
          ct-int4          | weight_scale      | 32 3 | expected what config.json says
          ct-int4          | weight_scale      | 31 2 | expected 2 for each of 32 rows
          ct-int4          | weight_shape      | 2    | expected the two extents
          ct-int4-zeros    | weight_zero_point | 4 3  | expected [4, 2]
          ct-int4-order    | weight_g_idx      | 31   | expected one group for each of 32 inputs
          ct-int8          | weight_scale      | 32 2 | expected what config.json says
          ct-int8          | weight_scale      | 31 1 | expected 1 for each of 32 rows
          """)
  void partsThatDoNotGoTogetherAreRefused(String name, String part, String shape, String named) {
    long[] extents = Arrays.stream(shape.split(" ")).mapToLong(Long::parseLong).toArray();
    var type = part.contains("scale") ? DType.F16 : DType.I32;
    assertRefused(name, Map.of(Q_PROJ + "." + part, Tensor.zeros(type, extents)), named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gptq-v1       | g_idx        | 2       | input 0 into group 2, expected 0 to 1
          gptq-v1       | g_idx        | -1      | input 0 into group -1
          ct-int4-order | weight_g_idx | 9       | input 0 into group 9
          ct-int4-order | weight_g_idx | -2      | input 0 into group -2
          """)
  void aGroupThatIsNotThereIsRefused(String name, String part, long group, String named) {
    var order = Tensor.ofLongs(LongStream.range(0, 32).map(_ -> group)).to(DType.I32);
    assertRefused(name, Map.of(Q_PROJ + "." + part, order), named);
  }

  @Test
  void hostileExtentsOfAPackedMatrixAreRefused() {
    for (long inputs : new long[] {0, -32, 33, 1L << 31, Long.MAX_VALUE}) {
      var shape = Tensor.ofLongs(LongStream.of(32, inputs));
      assertRefused("ct-int4", Map.of(Q_PROJ + ".weight_shape", shape), "weight_");
    }
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    for (String part : new String[] {"gptq-v1 qzeros", "awq scales", "ct-int4 weight_scale"}) {
      String[] both = part.split(" ");
      var stored = tensors(both[0]);
      stored.remove(Q_PROJ + "." + both[1]);
      assertThatThrownBy(() -> open(both[0], stored).close())
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining(Q_PROJ + "." + both[1]);
    }
  }

  @Test
  void aMatrixThatIsThereTwiceIsRefused() {
    var plain = Tensor.zeros(DType.F16, 32, 32);
    assertRefused("gptq-v1", Map.of(Q_PROJ + ".weight", plain), "is also there packed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"quant_method": "bitsandbytes", "load_in_4bit": true}    | "bitsandbytes"
          {"quant_method": "hqq"}                                   | "hqq"
          {"quant_method": "aqlm"}                                  | "aqlm"
          {"bits": 4}                                               | no "quant_method"
          {"quant_method": "gptq", "bits": 3}                       | "bits" 3
          {"quant_method": "gptq", "bits": 4, "group_size": 0}      | "group_size" is 0
          {"quant_method": "gptq", "bits": 4, "group_size": 1e99}   | "group_size"
          {"quant_method": "gptq", "bits": 4, "checkpoint_format": "marlin"} | "marlin"
          {"quant_method": "gptq", "bits": 4, "pack_dtype": "int8"} | "pack_dtype"
          {"quant_method": "gptq", "bits": 4, "rotation": "hadamard"} | "rotation"
          {"quant_method": "gptq", "bits": 4, "dynamic": {"+:.*down.*": {"bits": 8}}} | "dynamic"
          {"quant_method": "awq", "version": "gemv"}                | "gemv"
          {"quant_method": "awq", "bits": 8}                        | "bits" 8
          {"quant_method": "compressed-tensors", "format": "nvfp4-pack-quantized"} | "nvfp4-pack-quantized"
          {"quant_method": "compressed-tensors", "format": "marlin-24"} | "marlin-24"
          {"quant_method": "compressed-tensors", "sparsity_config": {"format": "sparse-24-bitmask"}} | "sparse-24-bitmask"
          {"quant_method": "compressed-tensors", "config_groups": {"a": {"weights": {"num_bits": 3}}}} | "num_bits" 3
          {"quant_method": "compressed-tensors", "transform_config": {"config_groups": {"R3": {}}}} | "transform_config"
          """)
  void whatIsNotUnpackedIsRefusedByNameWithWhatToDo(String quantisation, String named)
      throws IOException {
    var config = (ObjectNode) new JsonMapper().readTree("{\"model_type\": \"llama\"}");
    config.set("quantization_config", new JsonMapper().readTree(quantisation));
    Files.writeString(folder.resolve("config.json"), config.toString());
    assertThatThrownBy(() -> HuggingFaceFolder.open(folder, "tiny"))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith("tiny: ")
        .hasMessageContaining(named)
        .hasMessageNotContaining("\n");
  }

  /// F16 ends at 65,504.
  @Test
  void aProductThatOverflowsTheScalesTypeIsNamed() throws IOException {
    var scales = Tensor.of(ramp(64), 2, 32).times(0).plus(60000).to(DType.F16);
    try (var files = altered("gptq-v1", Map.of(Q_PROJ + ".scales", scales))) {
      assertThatThrownBy(() -> files.weights().load(Q_PROJ + ".weight", DType.F32))
          .hasMessageContaining(Q_PROJ + ".weight")
          .hasMessageContaining("infinity");
    }
  }

  private void assertRefused(String name, Map<String, Tensor> changed, String named) {
    assertThatThrownBy(
            () -> {
              try (var files = altered(name, changed);
                  var _ = Scope.open()) {
                files.weights().load(Q_PROJ + ".weight", DType.F32);
              }
            })
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(Q_PROJ)
        .hasMessageContaining(named);
  }

  private static float[] ramp(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 1 + i;
    }
    return values;
  }

  private ModelFiles opened(String name) throws IOException {
    return open(name, tensors(name));
  }

  private ModelFiles altered(String name, Map<String, Tensor> changed) throws IOException {
    var stored = tensors(name);
    stored.putAll(changed);
    return open(name, stored);
  }

  private ModelFiles open(String name, Map<String, Tensor> stored) throws IOException {
    var config =
        (ObjectNode) new JsonMapper().readTree(GOLDEN.resolve(name).resolve("config.json"));
    Files.writeString(folder.resolve("config.json"), config.toString());
    var tokenizer = Checkpoints.named("llama-mha-untied").resolve("tokenizer.json");
    Files.writeString(folder.resolve("tokenizer.json"), Files.readString(tokenizer));
    try (var writer = SafetensorsWriter.create(folder.resolve("model.safetensors"))) {
      for (var entry : stored.entrySet()) {
        writer.write(entry.getKey(), entry.getValue());
      }
      writer.finish();
    }
    return ModelLocator.open(folder);
  }

  private static Map<String, Tensor> tensors(String name) throws IOException {
    try (var file = Safetensors.open(GOLDEN.resolve(name).resolve("model.safetensors"))) {
      var tensors = new LinkedHashMap<String, Tensor>();
      for (String tensor : file.names()) {
        var info = file.info(tensor);
        long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
        var type = DType.ofSafetensors(info.type()).orElseThrow();
        tensors.put(tensor, Tensor.map(file.bytes(tensor), type, shape).copy());
      }
      return tensors;
    }
  }
}
