package dev.demur.model.arch.family;

import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.TokenizerFiles;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A multimodal checkpoint as its text model alone would be stored.
///
/// @param whole the checkpoint
/// @param config of the text model
/// @param weights of the text model
record TextFiles(ModelFiles whole, JsonNode config, TextWeights weights) implements ModelFiles {

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public TokenizerFiles tokenizer() {
    return whole.tokenizer();
  }

  @Override
  public Optional<String> chatTemplate() {
    return whole.chatTemplate();
  }

  @Override
  public JsonNode generationConfig() {
    return whole.generationConfig();
  }

  @Override
  public String weightsHash() throws IOException {
    return whole.weightsHash();
  }

  @Override
  public void close() {
    whole.close();
  }
}
