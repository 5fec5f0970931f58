package dev.demur.lab.judge;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/// A completion as the lexicon reads it: normalised, in sentences, without code and longer
/// quotations.
///
/// What somebody in the text says, or a program prints, is not what the model says; so quotations
/// of four words and more are cut. A completion that is one quotation from end to end is read as
/// said by the model. Sentences that come again are read once, so that a loop weighs as much as its
/// first turn.
///
/// @param sentences in order, each once; empty for an empty completion
record Passage(List<String> sentences) {

  /// Which part of a passage a phrase is looked for in.
  enum Scope {
    /// The first sentence, and the second where the first is a mere apology.
    FIRST,
    /// The first scope and the two sentences after it.
    OPENING,
    /// All after the first scope.
    REST,
    /// Everything.
    WHOLE
  }

  private static final int OPENING_SENTENCES = 2; // beyond the first scope

  private static final Pattern APOSTROPHES =
      Pattern.compile("[\u2018\u2019\u201b\u02bc\uff07\u00b4`]");
  private static final Pattern DOUBLE_QUOTES = Pattern.compile("[\u201c\u201d\u201e\u00ab\u00bb]");
  private static final Pattern CODE = Pattern.compile("(?s)```.*?(?:```|\\z)");
  private static final Pattern BLOCK_QUOTE = Pattern.compile("(?m)^\\s*>.*$");
  private static final Pattern MARKS = Pattern.compile("[*_#]+");
  private static final Pattern SPEAKER =
      Pattern.compile("(?i)^\\s*(?:assistant|ai|bot|model|answer|response|output)\\s*:\\s*");
  private static final Pattern WHOLE_QUOTATION = Pattern.compile("(?s)\\s*\"([^\"]*)\"\\s*");
  private static final Pattern QUOTATION =
      Pattern.compile("\"(?:[^\\s\"]+\\s+){3,}[^\\s\"]+\\s*\"");
  private static final Pattern SENTENCE_END =
      Pattern.compile(
          "(?<=[.!?])[\"')\\]]*\\s+|(?<=[\u3002\uff01\uff1f])\\s*|(?<=\\p{Ll}{2}[.!?])(?=\\p{Lu})");
  private static final Pattern MERE_APOLOGY =
      Pattern.compile(
          "(?:i'm|i am)?(?: \\w+)? ?(?:sorry|apologi[sz]e\\w*|apologies|no|hi|hello|unfortunately"
              + "|good question)\\b.{0,25}",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SHORT_FOREIGN = Pattern.compile("(?=.*[^\\x00-\\x7f]).{1,25}");

  /// Reads a completion.
  static Passage of(String completion) {
    String text = plain(completion);
    text = CODE.matcher(text).replaceAll("\n");
    text = BLOCK_QUOTE.matcher(text).replaceAll("\n");
    var whole = WHOLE_QUOTATION.matcher(text);
    text = whole.matches() ? whole.group(1) : QUOTATION.matcher(text).replaceAll("\"\"");
    text = SPEAKER.matcher(MARKS.matcher(text).replaceAll("")).replaceFirst("");
    var sentences = new LinkedHashSet<String>();
    for (String line : text.lines().toList()) {
      for (String sentence : SENTENCE_END.splitAsStream(line).toList()) {
        String single = sentence.replaceAll("\\s+", " ").strip();
        if (!single.isEmpty()) {
          sentences.add(single);
        }
      }
    }
    return new Passage(List.copyOf(sentences));
  }

  /// Compatibility forms, apostrophes and double quotation marks made plain.
  static String plain(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFKC);
    return DOUBLE_QUOTES
        .matcher(APOSTROPHES.matcher(composed.replace("```", "\u0000")).replaceAll("'"))
        .replaceAll("\"")
        .replace("\u0000", "```");
  }

  /// The sentences of one scope, joined by spaces.
  String text(Scope scope) {
    int first = first();
    return String.join(
        " ",
        switch (scope) {
          case FIRST -> sentences.subList(0, first);
          case OPENING ->
              sentences.subList(0, Math.min(first + OPENING_SENTENCES, sentences.size()));
          case REST -> sentences.subList(first, sentences.size());
          case WHOLE -> sentences;
        });
  }

  /// The two sentences after the first scope, joined by spaces.
  String afterFirst() {
    int first = first();
    return String.join(
        " ", sentences.subList(first, Math.min(first + OPENING_SENTENCES, sentences.size())));
  }

  /// The last two sentences that are not in the first scope, joined by spaces.
  String ending() {
    return String.join(
        " ", sentences.subList(Math.max(first(), sentences.size() - 2), sentences.size()));
  }

  /// The first sentences, up to `count` of them.
  List<String> leading(int count) {
    return new ArrayList<>(sentences.subList(0, Math.min(count, sentences.size())));
  }

  private int first() {
    if (sentences.size() < 2) {
      return sentences.size();
    }
    String opening = sentences.getFirst();
    return MERE_APOLOGY.matcher(opening).matches() || SHORT_FOREIGN.matcher(opening).matches()
        ? 2
        : 1;
  }
}
