package dev.demur.model.arch;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Blocks that do not stay in memory compute what they compute.
@Scoped
class StreamingTest {

  private static final Path FOLDER = Checkpoints.named("llama-sharded");
  private static final Path QUANTISED = Checkpoints.named("gguf-llama-q8_0/model.gguf");
  private static final TokenIds IDS = TokenIds.of(3, 14, 15, 9, 2, 6);

  @Test
  void changesNoBit() throws IOException {
    try (var files = Checkpoints.open(FOLDER)) {
      var model = Family.load(files, DType.F32);
      var streamed = model.within(1, files.weights().mapped());
      assertThat(streamed.streaming().orElseThrow().streamedBlocks())
          .isEqualTo(model.config().nLayers());
      assertThat(logits(streamed)).isEqualTo(logits(model));
      assertThat(written(streamed)).isEqualTo(written(model));
    }
  }

  @Test
  void quantisedBlocksStreamFromTheirFile() throws IOException {
    try (var files = GgufFile.open(QUANTISED)) {
      var model = Family.load(files, new Holding(DType.BF16, Quantised.AS_STORED));
      var streamed = model.within(1, files.weights().mapped());
      assertThat(streamed.streaming()).isPresent();
      assertThat(logits(streamed)).isEqualTo(logits(model));
    }
  }

  @Test
  void keepsTheFirstBlocksThatFit() throws IOException {
    try (var files = Checkpoints.open(FOLDER)) {
      var model = Family.load(files, DType.F32);
      long all = model.within(1, files.weights().mapped()).streaming().orElseThrow().bytesPerPass();
      var nearly = model.within(all - 1, files.weights().mapped()).streaming().orElseThrow();
      assertThat(nearly.bytesPerPass()).isLessThanOrEqualTo(all);
      assertThat(model.within(all, files.weights().mapped()).streaming()).isEmpty();
    }
  }

  @Test
  void whatLiesInMemoryCannotBeStreamed() throws IOException {
    try (var files = Checkpoints.open(FOLDER)) {
      var decoded = Family.load(files, DType.BF16);
      assertThat(decoded.within(1, files.weights().mapped()).streaming()).isEmpty();
    }
  }

  private static float[] logits(Transformer model) {
    return new Forward(model, 64).logits(IDS, HookPlan.none()).toFloats();
  }

  private static TokenIds written(Transformer model) {
    var options = new GenerationOptions(8, 1, new Sampler.Greedy(), Set.of());
    return new Generator(model, options, HookPlan.none())
        .complete(List.of(IDS), _ -> {})
        .getFirst()
        .tokens();
  }
}
