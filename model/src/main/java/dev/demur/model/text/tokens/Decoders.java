package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// Makes text of tokens.
///
/// Source: `tokenizers/src/decoders`.
final class Decoders {

  private static final int MAX_COUNT = 1000;

  /// One step: takes texts of tokens and gives texts, fewer perhaps.
  interface Step {
    List<String> decode(List<String> tokens, Work work);
  }

  private Decoders() {}

  /// The steps of a `decoder`, in order.
  static List<Step> of(Parts parts, JsonNode part) throws IOException {
    return parts.all(part, "decoders", (node, type) -> step(parts, node, type));
  }

  private static Step step(Parts parts, JsonNode part, String type) throws IOException {
    return switch (type) {
      case "ByteLevel" -> (tokens, _) -> List.of(fromLetters(tokens));
      case "Metaspace" -> metaspace(parts, part);
      case "Replace" -> replacing(parts.pattern(part), parts.text(part, "content"));
      case "ByteFallback" -> (tokens, _) -> withBytes(tokens);
      case "Fuse" -> (tokens, _) -> List.of(String.join("", tokens));
      case "Strip" -> stripping(parts, part);
      case "BPEDecoder" -> bpe(text(parts, part, "suffix"));
      case "WordPiece" -> wordPiece(text(parts, part, "prefix"), parts.flag(part, "cleanup", true));
      default -> throw parts.unknown("decoder", type);
    };
  }

  private static String text(Parts parts, JsonNode part, String name) throws IOException {
    int[] text = parts.text(part, name);
    if (text.length == 0) {
      throw parts.problem("has an empty %s in its decoder".formatted(name));
    }
    return new String(text, 0, text.length);
  }

  /// The text of the tokens.
  static String decode(List<Step> steps, List<String> tokens, Work work) {
    if (steps.isEmpty()) {
      return String.join(" ", tokens);
    }
    List<String> changed = tokens;
    for (Step step : steps) {
      changed = step.decode(changed, work);
      work.make(length(changed));
    }
    return String.join("", changed);
  }

  private static long length(List<String> texts) {
    return texts.stream().mapToLong(String::length).sum() + texts.size();
  }

  private static Step each(BiFunction<String, Work, String> change) {
    return (tokens, work) -> {
      List<String> changed = new ArrayList<>(tokens.size());
      for (String token : tokens) {
        work.spend(1L + token.length());
        changed.add(change.apply(token, work));
      }
      return changed;
    };
  }

  private static String fromLetters(List<String> tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String token : tokens) {
      if (token.codePoints().allMatch(ByteLetters::isLetter)) {
        token.chars().forEach(c -> bytes.write(ByteLetters.toByte(c)));
      } else {
        bytes.writeBytes(token.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Step metaspace(Parts parts, JsonNode part) throws IOException {
    int replacement =
        part.has("replacement") ? parts.character(part, "replacement") : Metaspace.DEFAULT;
    String mark = Character.toString(replacement);
    boolean dropsFirst = Metaspace.scheme(parts, part) != Metaspace.Scheme.NEVER;
    return (tokens, work) -> {
      work.spend(length(tokens));
      List<String> changed = new ArrayList<>(tokens.size());
      for (String token : tokens) {
        changed.add(token.replace(mark, changed.isEmpty() && dropsFirst ? "" : " "));
      }
      return changed;
    };
  }

  private static Step replacing(Finder finder, int[] content) {
    Normalizers.Step replaces = Normalizers.replacing(finder, content);
    return each(
        (token, work) -> replaces.apply(Aligned.of(token.codePoints().toArray()), work).text());
  }

  private static Step stripping(Parts parts, JsonNode part) throws IOException {
    int content = parts.character(part, "content");
    int start = parts.count(part, "start", MAX_COUNT);
    int stop = parts.count(part, "stop", MAX_COUNT);
    return each((token, _) -> stripped(token, content, start, stop));
  }

  private static String stripped(String token, int content, int start, int stop) {
    int first = 0;
    int last = token.length();
    for (int i = 0; i < start && first < last && token.codePointAt(first) == content; i++) {
      first += Character.charCount(content);
    }
    for (int i = 0; i < stop && last > first && token.codePointBefore(last) == content; i++) {
      last -= Character.charCount(content);
    }
    return token.substring(first, last);
  }

  /// Tokens such as `<0x41>` are bytes; those that are no UTF-8 together become U+FFFD each.
  private static List<String> withBytes(List<String> tokens) {
    List<String> changed = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String token : tokens) {
      int value = byteOf(token);
      if (value >= 0) {
        bytes.write(value);
      } else {
        flush(bytes, changed);
        changed.add(token);
      }
    }
    flush(bytes, changed);
    return changed;
  }

  private static int byteOf(String token) {
    boolean form = token.length() == 6 && token.startsWith("<0x") && token.endsWith(">");
    int high = form ? Character.digit(token.charAt(3), 16) : -1;
    int low = form ? Character.digit(token.charAt(4), 16) : -1;
    boolean ascii = form && token.charAt(3) < 128 && token.charAt(4) < 128;
    return ascii && high >= 0 && low >= 0 ? 16 * high + low : -1;
  }

  private static void flush(ByteArrayOutputStream bytes, List<String> texts) {
    if (bytes.size() == 0) {
      return;
    }
    try {
      texts.add(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      // Not a failure: the tokens of half a character look like this.
      texts.add("\uFFFD".repeat(bytes.size()));
    }
    bytes.reset();
  }

  private static Step bpe(String suffix) {
    return (tokens, work) -> {
      work.spend(length(tokens));
      List<String> changed = new ArrayList<>(tokens.size());
      for (int i = 0; i < tokens.size(); i++) {
        changed.add(tokens.get(i).replace(suffix, i == tokens.size() - 1 ? "" : " "));
      }
      return changed;
    };
  }

  private static Step wordPiece(String prefix, boolean cleans) {
    UnaryOperator<String> clean = cleans ? Decoders::cleaned : UnaryOperator.identity();
    return (tokens, work) -> {
      work.spend(12 * length(tokens));
      List<String> changed = new ArrayList<>(tokens.size());
      for (String token : tokens) {
        String joined =
            changed.isEmpty()
                ? token
                : token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
        changed.add(clean.apply(joined));
      }
      return changed;
    };
  }

  private static String cleaned(String text) {
    return text.replace(" .", ".")
        .replace(" ?", "?")
        .replace(" !", "!")
        .replace(" ,", ",")
        .replace(" ' ", "'")
        .replace(" n't", "n't")
        .replace(" 'm", "'m")
        .replace(" do not", " don't")
        .replace(" 's", "'s")
        .replace(" 've", "'ve")
        .replace(" 're", "'re");
  }
}
