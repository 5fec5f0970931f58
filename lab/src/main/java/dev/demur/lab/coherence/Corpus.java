package dev.demur.lab.coherence;

import dev.demur.lab.Sha256;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import dev.demur.lab.rows.Rows;
import dev.demur.model.forward.Passage;
import dev.demur.model.text.PromptFormat;
import dev.demur.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// Passages of one kind, ready to be scored.
///
/// Source: `evaluate_loss.py` of the released code. What it does with padded batches is done here
/// without padding, with the same tokens counted: every token that has another before it, in a
/// text; the completion's tokens, in an exchange. No end-of-turn token follows a completion there,
/// so none does here.
///
/// @param name as in reports
/// @param kind what is counted
/// @param passages in the source's order
public record Corpus(String name, Kind kind, List<Passage> passages) {

  /// What a corpus holds and what of it is counted.
  public enum Kind {
    /// Text as it is: all tokens but the first.
    TEXT("text"),
    /// Instructions in the chat template with given completions: the completion's tokens.
    INSTRUCTIONS("instructions"),
    /// The same with what the unedited model itself answered.
    OWN("own-completions");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /// The name in files: `text`, `instructions`, `own-completions`.
    public String text() {
      return text;
    }
  }

  /// Columns a text may stand in; the Pile's is the first.
  private static final List<String> TEXT_COLUMNS = List.of("text", "content");

  public Corpus {
    passages = List.copyOf(passages);
    if (passages.stream().noneMatch(passage -> passage.predicted() > 0)) {
      throw new IllegalArgumentException(name + " holds no token that could be predicted");
    }
  }

  /// Texts, each cut after `maxTokens` tokens, with what the tokenizer puts in front of one.
  public static Corpus ofTexts(
      String name, Tokenizer tokenizer, List<String> texts, int maxTokens) {
    var passages =
        texts.stream()
            .map(tokenizer::encodeWithSpecialTokens)
            .map(ids -> Passage.whole(ids.slice(0, Math.min(maxTokens, ids.size()))))
            .toList();
    return new Corpus(name, Kind.TEXT, passages);
  }

  /// Exchanges as a model is asked and answers.
  ///
  /// @param kind [Kind#INSTRUCTIONS] or [Kind#OWN]
  /// @param format how instructions become prompts
  public static Corpus ofExchanges(
      String name, Kind kind, PromptFormat format, Tokenizer tokenizer, List<Exchange> exchanges) {
    return new Corpus(
        name,
        kind,
        exchanges.stream().map(exchange -> passage(format, tokenizer, exchange)).toList());
  }

  /// Reads texts: JSON Lines with a `text` (as the Pile has it), or one text a line.
  ///
  /// @throws DataFormatException if a row has no text or there is none
  /// @throws IOException if the file cannot be read
  public static List<String> readTexts(Path file) throws IOException {
    var rows = Rows.read(file).rows();
    if (rows.isEmpty()) {
      throw new DataFormatException(file, "holds no text; expected at least one.");
    }
    for (var row : rows) {
      if (row.first(TEXT_COLUMNS).isEmpty()) {
        throw new DataFormatException(
            file,
            row.place(),
            "expected a column named %s; found %s. Rename the one that holds the text."
                .formatted(
                    String.join(" or ", TEXT_COLUMNS), String.join(", ", row.fields().keySet())));
      }
    }
    return rows.stream().map(Corpus::text).toList();
  }

  private static String text(Row row) {
    return row.first(TEXT_COLUMNS).orElseThrow();
  }

  /// Prompt and completion are one text to the tokenizer. Where a token holds the end of the one
  /// and the start of the other, it counts to the completion; the released code then no longer
  /// finds the template's end, and counts the whole prompt.
  static Passage passage(PromptFormat format, Tokenizer tokenizer, Exchange exchange) {
    String prompt = format.format(exchange.instruction()).text();
    var joined = tokenizer.encodeWithSpans(prompt + exchange.completion());
    int from =
        IntStream.range(0, joined.tokens().size())
            .filter(i -> joined.spans().get(i).to() > prompt.length())
            .findFirst()
            .orElse(joined.tokens().size());
    // An answer ends where the context does; of the last token only its probability is asked.
    int end = (int) Math.min(joined.tokens().size(), format.limit().tokens() + 1L);
    return new Passage(joined.tokens().slice(0, end), Math.clamp(from, 1, end));
  }

  /// Hash of what is scored: every token, and from where each passage is counted.
  public String sha256() {
    return Sha256.ofText(passages.toString());
  }
}
