package dev.demur.model.text;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.text.regex.TooMuchWorkException;
import dev.demur.model.text.tokens.Pipeline;
import dev.demur.model.text.tokens.Tokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Turns text into token ids and back, exactly as the model's own tokenizer does.
///
/// A [Pipeline] does what Hugging Face `tokenizers` does with a `tokenizer.json`; vocabularies from
/// GGUF and tiktoken files are rewritten into that format first. Nothing is ever truncated or
/// padded. Files and texts are untrusted: what they may cost is bounded. Safe for use by several
/// threads.
public final class Tokenizer implements AutoCloseable {

  private final Pipeline pipeline;
  private final Map<String, String> specialTokens;

  private Tokenizer(Pipeline pipeline, Map<String, String> specialTokens) {
    this.pipeline = pipeline;
    this.specialTokens = specialTokens;
  }

  /// The tokenizer described by a model's files.
  ///
  /// @throws ModelFormatException if a file is not what it claims to be
  /// @throws UnsupportedModelException if the kind of vocabulary is not known
  public static Tokenizer of(TokenizerFiles files) throws IOException {
    TokenizerSource source = TokenizerSource.of(files);
    return new Tokenizer(Pipeline.of(source.file(), source.json()), source.specialTokens());
  }

  /// The ids of a text. Special tokens written in the text are recognised; none is added.
  ///
  /// @throws TooMuchWorkException if the text takes more work than any sound tokenizer needs
  public TokenIds encode(String text) {
    return TokenIds.of(pipeline.encode(text).ids());
  }

  /// The token that a text is; empty where it is none, or several.
  ///
  /// @throws TooMuchWorkException if the text takes more work than any sound tokenizer needs
  public OptionalInt single(String text) {
    var ids = encode(text);
    return ids.size() == 1 ? OptionalInt.of(ids.get(0)) : OptionalInt.empty();
  }

  /// The ids of a text with what the tokenizer puts around one, usually a BOS token in front.
  ///
  /// @throws TooMuchWorkException if the text takes more work than any sound tokenizer needs
  public TokenIds encodeWithSpecialTokens(String text) {
    return TokenIds.of(pipeline.before()).plus(encode(text)).plus(TokenIds.of(pipeline.after()));
  }

  /// Like [#encode], and where each token came from.
  ///
  /// @throws TooMuchWorkException if the text takes more work than any sound tokenizer needs
  public TokenizedText encodeWithSpans(String text) {
    Tokens tokens = pipeline.encode(text);
    CodePointOffsets offsets = new CodePointOffsets(text);
    List<TokenizedText.Span> spans = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      spans.add(
          new TokenizedText.Span(offsets.toIndex(tokens.from(i)), offsets.toIndex(tokens.to(i))));
    }
    return new TokenizedText(text, TokenIds.of(tokens.ids()), spans);
  }

  /// The text of the ids, without special tokens.
  ///
  /// @throws IllegalArgumentException if an id is outside the vocabulary
  public String decode(TokenIds ids) {
    return pipeline.decode(known(ids), true);
  }

  /// The text of the ids, special tokens included.
  ///
  /// @throws IllegalArgumentException if an id is outside the vocabulary
  public String decodeWithSpecialTokens(TokenIds ids) {
    return pipeline.decode(known(ids), false);
  }

  /// A decoder for ids that come one by one.
  public StreamingDecoder streamingDecoder() {
    return new StreamingDecoder(this);
  }

  /// The token as the vocabulary spells it, for instance `Ġthe`; empty for an unused id.
  ///
  /// @throws IllegalArgumentException if the id is outside the vocabulary
  public String token(int id) {
    return pipeline.names().get(requireKnown(id));
  }

  /// The token as text, for instance ` the`; as the vocabulary spells it where it is a part of a
  /// character.
  ///
  /// @throws IllegalArgumentException if the id is outside the vocabulary
  public String text(int id) {
    // Behind itself, because some decoders drop a space at the beginning.
    String once = decodeWithSpecialTokens(TokenIds.of(id));
    String twice = decodeWithSpecialTokens(TokenIds.of(id, id));
    String text = twice.startsWith(once) ? twice.substring(once.length()) : once;
    return text.isEmpty() || text.contains("\ufffd") ? token(id) : text;
  }

  /// The id of the token the vocabulary spells `token`.
  public OptionalInt id(String token) {
    Integer id = pipeline.ids().get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /// Whether a token is a sign for the model and not text.
  ///
  /// @throws IllegalArgumentException if the id is outside the vocabulary
  public boolean isSpecial(int id) {
    return pipeline.isSpecial(requireKnown(id));
  }

  /// One more than the highest id. The model's embedding may have more rows.
  public int size() {
    return pipeline.names().size();
  }

  /// The token that opens a sequence, if the model has one.
  public OptionalInt bosId() {
    return idOf("bos_token");
  }

  /// The token that ends a sequence, if the files name one. Generation may know more.
  public OptionalInt eosId() {
    return idOf("eos_token");
  }

  /// Texts of the special tokens by the name templates use: `bos_token`, `eos_token`, ….
  public Map<String, String> specialTokens() {
    return specialTokens;
  }

  /// Does nothing; a tokenizer holds memory of the heap alone.
  @Override
  public void close() {}

  private OptionalInt idOf(String name) {
    String token = specialTokens.get(name);
    return token == null ? OptionalInt.empty() : id(token);
  }

  private int[] known(TokenIds ids) {
    return ids.stream().map(this::requireKnown).toArray();
  }

  private int requireKnown(int id) {
    if (id < 0 || id >= size()) {
      throw new IllegalArgumentException("token id must be 0 to " + (size() - 1) + ", was " + id);
    }
    return id;
  }

  /// Translates offsets that count code points to indexes of the Java string.
  private static final class CodePointOffsets {

    private final String text;
    private int codePoints;
    private int index;

    CodePointOffsets(String text) {
      this.text = text;
    }

    int toIndex(int codePoint) {
      if (codePoint < codePoints) {
        codePoints = 0;
        index = 0;
      }
      index = text.offsetByCodePoints(index, codePoint - codePoints);
      codePoints = codePoint;
      return index;
    }
  }
}
