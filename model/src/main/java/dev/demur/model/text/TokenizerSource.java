package dev.demur.model.text;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// A tokenizer written down in the one format the library reads, whatever it was stored as.
///
/// @param file where it came from, for error messages
/// @param json a `tokenizer.json` document
/// @param specialTokens the names templates use (`bos_token`, `eos_token`, …) and their texts
record TokenizerSource(Path file, ObjectNode json, Map<String, String> specialTokens) {

  TokenizerSource {
    specialTokens = Map.copyOf(specialTokens);
  }

  /// Reads or builds the document.
  ///
  /// @throws ModelFormatException if a file is not what it claims to be
  /// @throws UnsupportedModelException if the kind of vocabulary is not known
  static TokenizerSource of(TokenizerFiles files) throws IOException {
    return switch (files) {
      case TokenizerFiles.HuggingFace(var path, var config) ->
          HuggingFaceTokenizerFile.read(path, config);
      case TokenizerFiles.InGguf(var metadata) -> new GgufVocabulary(metadata).toSource();
      case TokenizerFiles.Tiktoken(var ranks, var config) -> TiktokenFile.read(ranks, config);
    };
  }
}
