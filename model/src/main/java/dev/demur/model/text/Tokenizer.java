package dev.demur.model.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.local.NativeFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Turns text into token ids and back, exactly as the model's own tokenizer does.
///
/// The work is done by Hugging Face `tokenizers`; vocabularies from GGUF and tiktoken files are
/// rewritten into its format first. Nothing is ever truncated or padded, and no network is used.
/// Safe for use by several threads.
public final class Tokenizer implements AutoCloseable {

  static {
    // The library would otherwise look for a cloud instance it runs on.
    System.setProperty("OPT_OUT_TRACKING", "true");
    NativeFolder.prepare();
  }

  private final HuggingFaceTokenizer library;
  private final Vocabulary vocabulary;
  private final Map<String, String> specialTokens;

  private Tokenizer(
      HuggingFaceTokenizer library, Vocabulary vocabulary, Map<String, String> specialTokens) {
    this.library = library;
    this.vocabulary = vocabulary;
    this.specialTokens = specialTokens;
  }

  /// The tokenizer described by a model's files.
  ///
  /// @throws ModelFormatException if a file is not what it claims to be
  /// @throws UnsupportedModelException if the kind of vocabulary is not known
  public static Tokenizer of(TokenizerFiles files) throws IOException {
    TokenizerSource source = TokenizerSource.of(files);
    Vocabulary vocabulary = Vocabulary.of(source);
    return new Tokenizer(load(source), vocabulary, source.specialTokens());
  }

  private static HuggingFaceTokenizer load(TokenizerSource source) throws IOException {
    byte[] json = source.json().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try {
      return HuggingFaceTokenizer.newInstance(
          new ByteArrayInputStream(json), Map.of("truncation", "false", "padding", "false"));
    } catch (RuntimeException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new ModelFormatException(
          source.file(), "does not describe a working tokenizer: " + reason, e);
    }
  }

  /// The ids of a text. Special tokens written in the text are recognised; none is added.
  public TokenIds encode(String text) {
    return ids(library.encode(wellFormed(text), false, false));
  }

  /// The ids of a text with what the tokenizer puts around one, usually a BOS token in front.
  public TokenIds encodeWithSpecialTokens(String text) {
    return ids(library.encode(wellFormed(text), true, false));
  }

  /// Like [#encode], and where each token came from.
  public TokenizedText encodeWithSpans(String text) {
    Encoding encoding = library.encode(wellFormed(text), false, false);
    CodePointOffsets offsets = new CodePointOffsets(text);
    List<TokenizedText.Span> spans = new ArrayList<>();
    int end = 0;
    for (CharSpan span : encoding.getCharTokenSpans()) {
      if (span == null) {
        spans.add(new TokenizedText.Span(end, end));
      } else {
        end = offsets.toIndex(span.getEnd());
        spans.add(new TokenizedText.Span(offsets.toIndex(span.getStart()), end));
      }
    }
    return new TokenizedText(text, ids(encoding), spans);
  }

  /// The text of the ids, without special tokens.
  ///
  /// @throws IllegalArgumentException if an id is outside the vocabulary
  public String decode(TokenIds ids) {
    return library.decode(known(ids), true);
  }

  /// The text of the ids, special tokens included.
  ///
  /// @throws IllegalArgumentException if an id is outside the vocabulary
  public String decodeWithSpecialTokens(TokenIds ids) {
    return library.decode(known(ids), false);
  }

  /// A decoder for ids that come one by one.
  public StreamingDecoder streamingDecoder() {
    return new StreamingDecoder(this);
  }

  /// The token as the vocabulary spells it, for instance `Ġthe`; empty for an unused id.
  ///
  /// @throws IllegalArgumentException if the id is outside the vocabulary
  public String token(int id) {
    return vocabulary.names().get(requireKnown(id));
  }

  /// The id of the token the vocabulary spells `token`.
  public OptionalInt id(String token) {
    Integer id = vocabulary.ids().get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /// Whether a token is a sign for the model and not text.
  ///
  /// @throws IllegalArgumentException if the id is outside the vocabulary
  public boolean isSpecial(int id) {
    return vocabulary.special().get(requireKnown(id));
  }

  /// One more than the highest id. The model's embedding may have more rows.
  public int size() {
    return vocabulary.names().size();
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

  /// Gives the library's memory back.
  @Override
  public void close() {
    library.close();
  }

  private OptionalInt idOf(String name) {
    String token = specialTokens.get(name);
    return token == null ? OptionalInt.empty() : id(token);
  }

  private static TokenIds ids(Encoding encoding) {
    return TokenIds.of(Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray());
  }

  private long[] known(TokenIds ids) {
    return ids.stream().mapToLong(this::requireKnown).toArray();
  }

  private int requireKnown(int id) {
    if (id < 0 || id >= size()) {
      throw new IllegalArgumentException("token id must be 0 to " + (size() - 1) + ", was " + id);
    }
    return id;
  }

  /// Half a surrogate pair is no character; the library would reject the text.
  private static String wellFormed(String text) {
    int[] codePoints = text.codePoints().map(c -> isSurrogate(c) ? 0xFFFD : c).toArray();
    return new String(codePoints, 0, codePoints.length);
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /// Translates the library's offsets, which count code points, to indexes of the Java string.
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
