package dev.demur.model.text.tokens;

import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads the `model` of a tokenizer: its vocabulary and how words are made of it.
final class Models {

  /// Far above any published vocabulary (262,144); a number beyond it is a lie about memory.
  static final int MAX_ID = 1 << 22;

  private final Parts parts;
  private final JsonNode model;
  private final Map<String, Integer> vocabulary;

  private Models(Parts parts, JsonNode model, Map<String, Integer> vocabulary) {
    this.parts = parts;
    this.model = model;
    this.vocabulary = vocabulary;
  }

  static WordModel of(Parts parts, JsonNode model, Map<String, Integer> vocabulary)
      throws IOException {
    String type = type(model);
    Models models = new Models(parts, model, vocabulary);
    try {
      return switch (type) {
        case "BPE" -> models.bpe();
        case "Unigram" -> models.unigram();
        case "WordPiece" -> models.wordPiece();
        case "WordLevel" -> models.words();
        default ->
            throw parts.problem(
                "has a model of type \""
                    + Parts.shortened(type)
                    + "\", expected BPE, Unigram, WordPiece or WordLevel");
      };
    } catch (IllegalArgumentException e) {
      throw parts.problem(String.valueOf(e.getMessage()));
    }
  }

  /// Old files do not name the type.
  private static String type(JsonNode model) {
    String implied = model.has("merges") ? "BPE" : model.path("vocab").isArray() ? "Unigram" : "";
    return model.path("type").asString(implied);
  }

  /// The tokens of a model and their ids, in the order of the file.
  static Map<String, Integer> vocabulary(Parts parts, JsonNode model) throws IOException {
    Map<String, Integer> ids = new HashMap<>();
    JsonNode vocab = model.path("vocab");
    if (vocab.isArray()) {
      for (int id = 0; id < vocab.size(); id++) {
        // The last of equal tokens counts.
        ids.put(vocab.get(id).path(0).asString(""), id);
      }
    } else {
      for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
        ids.put(entry.getKey(), id(parts, entry.getKey(), entry.getValue()));
      }
    }
    if (ids.isEmpty()) {
      throw parts.problem("has no \"model.vocab\", expected token names and ids");
    }
    return ids;
  }

  /// The number of a token.
  static int id(Parts parts, String token, JsonNode value) throws IOException {
    if (value.isInt() && value.asInt() >= 0 && value.asInt() <= MAX_ID) {
      return value.asInt();
    }
    throw parts.problem(
        String.format(
            Locale.ROOT,
            "token \"%s\" has id %s, expected 0 to %d",
            Parts.shortened(token),
            Parts.shortened(value.toString()),
            MAX_ID));
  }

  private WordModel bpe() throws IOException {
    for (String affix : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
      if (!model.path(affix).asString("").isEmpty()) {
        throw parts.problem(
            "marks parts of words with " + affix + ", which this version does not read");
      }
    }
    JsonNode listed = model.path("merges");
    int[] merges = new int[3 * listed.size()];
    int at = 0;
    for (JsonNode merge : listed) {
      String line = merge.asString("");
      int space = line.indexOf(' ');
      String left =
          merge.isArray() ? merge.path(0).asString("") : line.substring(0, Math.max(0, space));
      String right = merge.isArray() ? merge.path(1).asString("") : line.substring(space + 1);
      merges[at++] = merged(left, right, left);
      merges[at++] = merged(left, right, right);
      merges[at++] = merged(left, right, left + right);
    }
    return new Bpe(
        vocabulary,
        merges,
        new Bpe.Settings(
            model.path("unk_token").isString() ? Optional.of(unknown()) : Optional.empty(),
            parts.flag(model, "fuse_unk", false),
            bytes(),
            parts.flag(model, "ignore_merges", false)));
  }

  private int merged(String left, String right, String token) throws IOException {
    Integer id = vocabulary.get(token);
    if (id == null || left.isEmpty() || right.isEmpty()) {
      throw parts.problem(
          "merges \"%s\" and \"%s\", which are not tokens with their sum"
              .formatted(Parts.shortened(left), Parts.shortened(right)));
    }
    return id;
  }

  private Optional<ByteTokens> bytes() throws IOException {
    return parts.flag(model, "byte_fallback", false)
        ? Optional.of(new ByteTokens(vocabulary))
        : Optional.empty();
  }

  private int unknown() throws IOException {
    String unknown = model.path("unk_token").asString("");
    Integer id = vocabulary.get(unknown);
    if (id == null) {
      throw parts.problem(
          "names \"%s\" as unknown, which is not a token".formatted(Parts.shortened(unknown)));
    }
    return id;
  }

  private WordModel unigram() throws IOException {
    JsonNode vocab = model.path("vocab");
    if (!vocab.isArray()) {
      throw parts.problem("has no list \"model.vocab\", expected tokens and their scores");
    }
    double[] scores = new double[vocab.size()];
    for (int id = 0; id < scores.length; id++) {
      JsonNode pair = vocab.get(id);
      scores[id] = pair.path(1).asDouble(Double.NaN);
      if (pair.path(0).asString("").isEmpty() || !Double.isFinite(scores[id])) {
        throw parts.problem(
            "has %s in its vocabulary, expected a token and its score"
                .formatted(Parts.shortened(pair.toString())));
      }
    }
    return new Unigram(trie(), scores, parts.count(model, "unk_id", scores.length - 1), bytes());
  }

  private Trie trie() {
    Trie trie = new Trie();
    vocabulary.forEach((token, id) -> trie.put(token.codePoints().toArray(), id));
    return trie;
  }

  private WordModel wordPiece() throws IOException {
    String prefix = model.path("continuing_subword_prefix").asString("##");
    int longest = Math.clamp(model.path("max_input_chars_per_word").asInt(100), 1, 1000);
    return new WordPiece(trie(), prefix.codePoints().toArray(), unknown(), longest);
  }

  private WordModel words() throws IOException {
    int unknown = unknown();
    return (word, work, tokens) -> {
      work.spend(word.length());
      tokens.add(vocabulary.getOrDefault(word.text(), unknown), word, 0, word.length());
    };
  }
}
