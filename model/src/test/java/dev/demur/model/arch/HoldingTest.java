package dev.demur.model.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.model.arch.Holding.Quantised;
import dev.demur.model.arch.family.Family;
import dev.demur.model.format.gguf.GgufFile;
import dev.demur.model.forward.Forward;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where quantised matrices are changes speed and memory, and results of single rows by rounding.
@Scoped
class HoldingTest {

  /// Llama's queries and keys change places when they are read from a GGUF file.
  private static final Path FILE = Checkpoints.named("gguf-llama-q8_0/model.gguf");

  /// A step multiplies the quantised numbers themselves; in memory they are rounded to 8 bits.
  private static final double BF16_ROUNDING = 6e-2;

  private static final TokenIds IDS = TokenIds.of(3, 14, 15, 9, 2, 6);

  @ParameterizedTest
  @EnumSource(names = {"AS_STORED", "FOR_KERNELS"})
  void promptsAreTheSameBitForBit(Quantised quantised) throws IOException {
    try (var files = GgufFile.open(FILE)) {
      var stored = Family.load(files, new Holding(DType.BF16, quantised));
      assertThat(stored.blocks().getFirst().mixer().o().matrix()).isInstanceOf(Matrix.Stored.class);
      assertThat(stored.embedding().tokens()).isInstanceOf(Matrix.Stored.class);
      assertThat(logits(stored)).isEqualTo(logits(Family.load(files, DType.BF16)));
    }
  }

  @Test
  void whatIsDecodedToFloat32IsTheSameToo() throws IOException {
    try (var files = GgufFile.open(FILE)) {
      var stored = Family.load(files, new Holding(DType.F32, Quantised.AS_STORED));
      assertThat(logits(stored)).isEqualTo(logits(Family.load(files, DType.F32)));
    }
  }

  @Test
  void singleTokensAreTheSameUpToRounding() throws IOException {
    try (var files = GgufFile.open(FILE)) {
      var exact = Family.load(files, DType.F32);
      var stored = Family.load(files, new Holding(DType.F32, Quantised.FOR_KERNELS));
      assertThat(written(stored)).isEqualTo(written(exact));
    }
  }

  @Test
  void editedWritersAreThoseOfTheDecodedModel() throws IOException {
    try (var files = GgufFile.open(FILE)) {
      var stored = Family.load(files, new Holding(DType.BF16, Quantised.AS_STORED));
      var decoded = Family.load(files, DType.BF16);
      assertThat(logits(stored.withWriters(new Halved())))
          .isEqualTo(logits(decoded.withWriters(new Halved())));
    }
  }

  @Test
  void greedyFindsTheLargestLogitOfOneRowAndOfMany() throws IOException {
    try (var files = GgufFile.open(FILE)) {
      var stored = Family.load(files, new Holding(DType.BF16, Quantised.AS_STORED));
      var rows = Tensor.gaussian(new Random(1), 5, stored.config().dModel());
      var together = stored.greedy(rows).toLongs();
      for (int i = 0; i < together.length; i++) {
        var row = rows.narrow(0, i, 1);
        assertThat(stored.greedy(row).toLongs()[0]).isEqualTo(together[i]);
        assertThat(stored.unembed(row).toFloats()[Math.toIntExact(together[i])])
            .isCloseTo((float) stored.unembed(row).max(), within((float) BF16_ROUNDING));
      }
    }
  }

  private static float[] logits(Transformer model) {
    return new Forward(model, 64).logits(IDS, HookPlan.none()).toFloats();
  }

  private static TokenIds written(Transformer model) {
    var options = new GenerationOptions(12, 1, new Sampler.Greedy(), Set.of());
    return new Generator(model, options, HookPlan.none())
        .complete(List.of(IDS), _ -> {})
        .getFirst()
        .tokens();
  }

  /// Halves what writes to the stream, the embedding excepted.
  private record Halved() implements WriterEdit {
    @Override
    public Tensor embedding(Tensor table) {
      return table;
    }

    @Override
    public Tensor positions(Tensor table) {
      return table;
    }

    @Override
    public Linear attention(int layer, Linear output, Norm after) {
      return new Linear(output.weight().times(0.5), output.bias());
    }

    @Override
    public Linear mlp(int layer, Linear output, Norm after) {
      return attention(layer, output, after);
    }
  }
}
