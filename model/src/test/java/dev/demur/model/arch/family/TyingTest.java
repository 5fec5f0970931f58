package dev.demur.model.arch.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.RenamedFiles;
import dev.demur.kit.Scoped;
import dev.demur.kit.WithConfig;
import dev.demur.model.arch.Transformer;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Which matrix makes logits, where the configuration and the file disagree (finding B3).
@Scoped
class TyingTest {

  private static final String TIED = "tie_word_embeddings";

  @ParameterizedTest
  @CsvSource({"llama-mha-untied", "neox-parallel", "qwen3-moe"})
  void anUnembeddingInTheFileCountsWhateverTheConfigurationSays(String checkpoint)
      throws IOException {
    try (var files = open(checkpoint)) {
      var asSaid = Family.load(files, DType.F32);
      var tied = saying(files, "true");
      var model = Family.load(tied, DType.F32);
      assertThat(logits(model)).containsExactly(logits(asSaid));
      assertThat(model.config().tiedEmbeddings()).isFalse();
      assertThat(Writers.of(tied).config().tiedEmbeddings()).isFalse();
    }
  }

  /// Old `.bin` files hold a tied matrix under both names.
  @ParameterizedTest
  @CsvSource({"llama-gqa-tied, lm_head.weight", "gpt2, lm_head.weight"})
  void aCopyOfATiedEmbeddingIsTheEmbedding(String checkpoint, String unembedding)
      throws IOException {
    try (var files = open(checkpoint)) {
      var twice = new Twice(files, unembedding);
      var model = Family.load(twice, DType.F32);
      assertThat(logits(model)).containsExactly(logits(Family.load(files, DType.F32)));
      assertThat(model.config().tiedEmbeddings()).isTrue();
      assertThat(Writers.of(twice).config().tiedEmbeddings()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"llama-gqa-tied", "qwen2-tied", "gpt2", "granite-tied"})
  void aFileWithoutAnUnembeddingIsTied(String checkpoint) throws IOException {
    try (var files = open(checkpoint)) {
      var untied = saying(files, "false");
      var model = Family.load(untied, DType.F32);
      assertThat(logits(model)).containsExactly(logits(Family.load(files, DType.F32)));
      assertThat(Writers.of(untied).config().tiedEmbeddings()).isTrue();
    }
  }

  private static ModelFiles open(String checkpoint) throws IOException {
    return Checkpoints.open(Checkpoints.named(checkpoint));
  }

  private static ModelFiles saying(ModelFiles files, String tied) {
    var config = (ObjectNode) files.config().deepCopy();
    return new WithConfig(files, config.put(TIED, Boolean.parseBoolean(tied)));
  }

  private static float[] logits(Transformer model) {
    return new Forward(model, 64)
        .lastLogits(List.of(TokenIds.of(1, 7, 3, 9)), HookPlan.none())
        .toFloats();
  }

  /// A checkpoint with a copy of its embedding under another name.
  private record Twice(ModelFiles files, String copy) implements RenamedFiles {

    @Override
    public String original(String name) {
      return name.equals(copy)
          ? files.weights().names().stream()
              .filter(n -> n.endsWith("embed_tokens.weight") || n.endsWith("wte.weight"))
              .findFirst()
              .orElseThrow()
          : name;
    }

    @Override
    public Set<String> names() {
      var names = new LinkedHashSet<>(files.weights().names());
      names.add(copy);
      return names;
    }
  }
}
