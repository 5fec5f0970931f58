package dev.demur.model.text.tokens;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.text.regex.TooMuchWorkException;
import dev.demur.model.text.regex.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// A tokenizer as a `tokenizer.json` describes it. Immutable; safe for use by several threads.
public final class Pipeline {

  private final List<Normalizers.Step> normalizers;
  private final List<Splitters.Step> splitters;
  private final WordModel model;
  private final AddedTokens added;
  private final Surrounding surrounding;
  private final List<Decoders.Step> decoders;
  private final Map<String, Integer> ids;
  private final List<String> names;
  private final BitSet special = new BitSet();

  private Pipeline(Path file, JsonNode json) throws IOException {
    Parts parts = new Parts(file);
    if (!json.path("model").isObject()) {
      throw parts.problem("has no \"model\" object, expected a tokenizer");
    }
    Map<String, Integer> vocabulary = Models.vocabulary(parts, json.path("model"));
    model = Models.of(parts, json.path("model"), vocabulary);
    normalizers = Normalizers.of(parts, json.path("normalizer"));
    splitters = Splitters.of(parts, json.path("pre_tokenizer"));
    decoders = Decoders.of(parts, json.path("decoder"));
    List<AddedTokens.Added> signs = new ArrayList<>();
    for (JsonNode token : json.path("added_tokens")) {
      signs.add(sign(parts, token, vocabulary));
    }
    ids = new HashMap<>(vocabulary);
    names = names(vocabulary, signs);
    for (AddedTokens.Added sign : signs) {
      ids.put(names.get(sign.id()), sign.id());
      special.set(sign.id(), sign.special());
    }
    added = added(parts, signs);
    surrounding = Surrounding.of(parts, json.path("post_processor"), names.size());
  }

  /// Reads a tokenizer.
  ///
  /// @param file where it came from, for error messages
  /// @throws ModelFormatException if a part is not known or does not hold together
  public static Pipeline of(Path file, JsonNode json) throws IOException {
    return new Pipeline(file, json);
  }

  private static AddedTokens.Added sign(
      Parts parts, JsonNode token, Map<String, Integer> vocabulary) throws IOException {
    String content = token.path("content").asString("");
    int written = Models.id(parts, content, token.path("id"));
    boolean special = parts.flag(token, "special", false);
    return new AddedTokens.Added(
        // A token of the model keeps the model's number, as in the library.
        vocabulary.getOrDefault(content, written),
        content.codePoints().toArray(),
        special,
        parts.flag(token, "single_word", false),
        parts.flag(token, "lstrip", false),
        parts.flag(token, "rstrip", false),
        parts.flag(token, "normalized", false));
  }

  private AddedTokens added(Parts parts, List<AddedTokens.Added> signs) throws IOException {
    try {
      return new AddedTokens(signs, normalizers);
    } catch (IllegalArgumentException e) {
      throw parts.problem("its added tokens: " + e.getMessage());
    }
  }

  private static List<String> names(
      Map<String, Integer> vocabulary, List<AddedTokens.Added> signs) {
    int size = vocabulary.values().stream().mapToInt(id -> id + 1).max().orElse(0);
    for (AddedTokens.Added sign : signs) {
      size = Math.max(size, sign.id() + 1);
    }
    List<String> names = new ArrayList<>(Collections.nCopies(size, ""));
    vocabulary.forEach((name, id) -> names.set(id, name));
    signs.forEach(
        sign -> names.set(sign.id(), new String(sign.content(), 0, sign.content().length)));
    return Collections.unmodifiableList(names);
  }

  /// The tokens of a text; nothing is put around them.
  ///
  /// @throws TooMuchWorkException if the text takes more work than any sound tokenizer needs
  public Tokens encode(String text) {
    int[] points = text.codePoints().map(c -> isSurrogate(c) ? 0xFFFD : c).toArray();
    return encode(points, Work.onBytes(bytes(points)));
  }

  /// The tokens of a text of whole characters.
  Tokens encode(int[] points, Work work) {
    Tokens tokens = new Tokens();
    added.cut(
        Aligned.of(points),
        normalizers,
        work,
        new AddedTokens.Pieces() {
          @Override
          public void text(Aligned piece) {
            Splitters.split(splitters, piece, work, word -> model.tokenize(word, work, tokens));
          }

          @Override
          public void token(int id, Aligned piece) {
            tokens.add(id, piece, 0, piece.length());
          }
        });
    return tokens;
  }

  /// Bytes of a text in UTF-8.
  static long bytes(int[] points) {
    return IntStream.of(points)
        .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4)
        .sum();
  }

  /// Half a surrogate pair is not a character.
  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /// Ids put in front of a text.
  public List<Integer> before() {
    return surrounding.before();
  }

  /// Ids put behind a text.
  public List<Integer> after() {
    return surrounding.after();
  }

  /// The text of tokens; unused ids have none.
  ///
  /// @throws TooMuchWorkException if the text takes more work than any sound tokenizer needs
  public String decode(int[] tokens, boolean skipsSpecial) {
    List<String> texts = new ArrayList<>(tokens.length);
    long size = 0;
    for (int id : tokens) {
      String name = names.get(id);
      if (!name.isEmpty() && !(skipsSpecial && special.get(id))) {
        texts.add(name);
        size += 1L + name.length();
      }
    }
    return Decoders.decode(decoders, texts, Work.onBytes(size));
  }

  /// Number of each token.
  public Map<String, Integer> ids() {
    return Collections.unmodifiableMap(ids);
  }

  /// Token of each number; empty where a number is not used.
  public List<String> names() {
    return names;
  }

  /// Whether a token is a sign for the model and not text.
  public boolean isSpecial(int id) {
    return special.get(id);
  }
}
