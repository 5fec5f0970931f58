package dev.demur.model.text.tokens;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Hugging Face `tokenizers` itself, as the judge of what is right. Native, and so for sound
/// documents and short texts alone.
public final class Library implements AutoCloseable {

  static {
    // It would otherwise look for a cloud instance it runs on.
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final HuggingFaceTokenizer tokenizer;

  private Library(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  public static Library of(JsonNode json) throws IOException {
    byte[] utf8 = json.toString().getBytes(StandardCharsets.UTF_8);
    return new Library(
        HuggingFaceTokenizer.newInstance(
            new ByteArrayInputStream(utf8), Map.of("truncation", "false", "padding", "false")));
  }

  /// Each token as `id from to`, in code points.
  public List<String> encode(String text) {
    Encoding encoding = tokenizer.encode(text, false, false);
    CharSpan[] spans = encoding.getCharTokenSpans();
    long[] ids = encoding.getIds();
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      tokens.add(
          ids[i] + (spans[i] == null ? "" : " " + spans[i].getStart() + " " + spans[i].getEnd()));
    }
    return tokens;
  }

  public List<Integer> encodeWithSpecialTokens(String text) {
    return Arrays.stream(tokenizer.encode(text, true, false).getIds())
        .mapToObj(Math::toIntExact)
        .toList();
  }

  public String decode(int[] ids, boolean skipsSpecial) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), skipsSpecial);
  }

  /// What [#encode] is to give.
  public static List<String> tokens(Tokens tokens) {
    int[] ids = tokens.ids();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      texts.add(ids[i] + " " + tokens.from(i) + " " + tokens.to(i));
    }
    return texts;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
