package dev.demur.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.FilesOver;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.Weights;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DTypeChoiceTest {

  /// A checkpoint of one matrix `[rows, 4096]`.
  private record OneMatrix(ModelFiles files, String type, long rows) implements FilesOver, Weights {

    @Override
    public Set<String> names() {
      return Set.of("model.embed_tokens.weight");
    }

    @Override
    public TensorInfo info(String name) {
      return new TensorInfo(name, type, List.of(rows, 4096L), 0);
    }

    @Override
    public Tensor load(String name, DType dtype) {
      throw new UnsupportedOperationException("only described");
    }

    @Override
    public Weights weights() {
      return this;
    }

    @Override
    public String weightsHash() {
      return "none";
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @CsvSource({
    "auto, BF16, 4096, F32", // 64 MiB in float32
    "auto, BF16, 4097, BF16",
    "auto, F16, 1, F32",
    "auto, Q4_K, 4096, F32",
    "auto, Q4_K, 4097, BF16",
    "auto, F32, 4097, F32",
    "stored, Q4_K, 4096, F32",
    "stored, Q4_K, 4097, BF16",
    "bf16, F32, 1, BF16",
    "f32, BF16, 4097, F32"
  })
  void smallCheckpointsAreHeldInFloat32(String choice, String type, long rows, DType held)
      throws IOException {
    try (var any = Checkpoints.open(Checkpoints.named("qwen2-tied"))) {
      var files = new OneMatrix(any, type, rows);
      assertThat(DTypeChoice.parse(choice).holding(files, DeviceChoice.HOST).dtype())
          .isEqualTo(held);
    }
  }
}
