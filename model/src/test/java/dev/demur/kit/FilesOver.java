package dev.demur.kit;

import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.Weights;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A model's files of which a test changes one thing; the rest is as it was.
public interface FilesOver extends ModelFiles {

  /// The files underneath.
  ModelFiles files();

  @Override
  default String name() {
    return files().name();
  }

  @Override
  default JsonNode config() {
    return files().config();
  }

  @Override
  default Weights weights() {
    return files().weights();
  }

  @Override
  default TokenizerFiles tokenizer() {
    return files().tokenizer();
  }

  @Override
  default Optional<String> chatTemplate() {
    return files().chatTemplate();
  }

  @Override
  default JsonNode generationConfig() {
    return files().generationConfig();
  }

  @Override
  default String weightsHash() throws IOException {
    return files().weightsHash();
  }

  @Override
  default void close() {
    files().close();
  }
}
