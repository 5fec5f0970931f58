package dev.demur.model;

import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Makes sure that the ids in a model's files are rows of its embedding.
///
/// @param files the model's files
/// @param tokenizer its tokenizer
/// @param rows rows of the embedding
record TokenChecks(ModelFiles files, Tokenizer tokenizer, int rows) {

  private static final String EOS = "eos_token_id";

  /// Ids that end an answer: those of the generation configuration, of the configuration and of the
  /// tokenizer together.
  ///
  /// @throws ModelFormatException if one has no row
  Set<Integer> stopTokens() throws IOException {
    var ids = new TreeSet<Integer>();
    add(ids, files.generationConfig().path(EOS), "generation_config.json");
    add(ids, files.config().path(EOS), "config.json");
    add(ids, files.config().path("text_config").path(EOS), "config.json");
    tokenizer.eosId().ifPresent(ids::add);
    if (!ids.isEmpty() && ids.last() >= rows) {
      throw outside(tokenizerFile(), "the eos token's id", ids.last().toString());
    }
    return Collections.unmodifiableSet(ids);
  }

  /// Makes sure that no text can become an id without a row. Special tokens without one are common
  /// where somebody added a padding token; a prompt that has one is refused when it is run.
  ///
  /// @throws ModelFormatException if a token of ordinary text has none
  void requireRows() throws IOException {
    for (int id = rows; id < tokenizer.size(); id++) {
      if (!tokenizer.token(id).isEmpty() && !tokenizer.isSpecial(id)) {
        throw outside(
            tokenizerFile(), "the id of token \"" + tokenizer.token(id) + "\"", String.valueOf(id));
      }
    }
  }

  private void add(Set<Integer> ids, JsonNode eos, String file) throws IOException {
    if (eos.isArray()) {
      for (var one : eos) {
        add(ids, one, file);
      }
    } else if (!eos.isNull() && !eos.isMissingNode()) {
      boolean whole = eos.isIntegralNumber() && eos.canConvertToInt();
      if (!whole || eos.intValue() < 0 || eos.intValue() >= rows) {
        throw outside(place(file), key(), eos.toString());
      }
      ids.add(eos.intValue());
    }
  }

  private ModelFormatException outside(Path file, String what, String value) {
    return new ModelFormatException(
        file,
        what
            + " is "
            + value
            + ", expected 0 to "
            + (rows - 1)
            + ", the rows of the embedding; the files are not of one model, fetch them again");
  }

  private String key() {
    return files.tokenizer() instanceof TokenizerFiles.InGguf
        ? "metadata key tokenizer.ggml.eos_token_id (or eot, eom)"
        : "key \"" + EOS + "\"";
  }

  /// The file a setting stands in; a GGUF holds all of them.
  private Path place(String name) {
    return files.tokenizer() instanceof TokenizerFiles.InGguf
        ? tokenizerFile()
        : tokenizerFile().resolveSibling(name);
  }

  private Path tokenizerFile() {
    return switch (files.tokenizer()) {
      case TokenizerFiles.HuggingFace(var file, _) -> file;
      case TokenizerFiles.Tiktoken(var file, _) -> file;
      case TokenizerFiles.InGguf(var metadata) -> metadata.file();
    };
  }
}
