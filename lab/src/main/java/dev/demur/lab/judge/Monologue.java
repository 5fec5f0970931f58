package dev.demur.lab.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Thinking that stands before an answer without tags: under a heading, or as plain text that
/// speaks of the user in the third person and of what to answer.
///
/// It must open so with its first words; what follows is thinking as long as paragraphs, then
/// sentences, still speak that way. Where nothing else comes, thinking did not end.
final class Monologue {

  private static final String MARKS = "[\\s*_#>-]*";

  private static final Pattern HEADING =
      Pattern.compile(
          "(?is)^"
              + MARKS
              + "(?:here(?:'s| is) (?:my|a) )?(?:thinking(?: process)?|thought(?:s|"
              + " process)?|reasoning|chain of thought|internal (?:thoughts?|monologue)|my"
              + " thoughts)[*_]*\\s*(?::|\\n"
              + ").*");

  private static final Pattern ANSWER_HEADING =
      Pattern.compile(
          "(?im)^[ \\t*_#>-]*(?:final |my )?(?:answer|response|reply|output)"
              + "[*_]*\\s*:[*_]*[ \\t]*");

  /// How a model speaks to itself about whoever asks.
  private static final String ABOUT_USER =
      "(?:the|this) user(?:'s (?:request|question|message|prompt|query|asking)|"
          + " (?:is|was|has|wants?|asks?|asked|requests?|requested|says?|said|needs?|seems?|sent|"
          + "provided|just|might|may|would|could|didn't|did|appears|probably|clearly))\\b"
          + "|user (?:wants|asks|requests|is asking)\\b";

  private static final Pattern OPENING =
      Pattern.compile(
          "(?i)^"
              + MARKS
              + "(?:(?:okay|ok|alright|all right|right|hmm+|well|so|now|let me (?:think|see)(?:"
              + " about this)?(?: (?:carefully|step by step))?|let's"
              + " (?:think|see)|first)[,.!:\u2026 ]+)*(?:(?:"
              + ABOUT_USER
              + ")|(?:i|we) (?:need|have|want|should|must)(?: to)?"
              + " (?:respond|answer|reply|decide|figure out how to"
              + " (?:respond|answer|reply)|refuse|comply|produce)\\b)");

  private static final Pattern THINKING =
      Pattern.compile(
          "(?i)(?:"
              + ABOUT_USER
              + ")|\\bthe user\\b|^(?:hmm+|wait|okay|alternatively|maybe)\\b|\\bthey(?:'re| are)"
              + " asking\\b|\\blet me (?:think|check|see|consider|draft|craft|make sure|start"
              + " by|recall|structure)\\b|\\b(?:i|we) (?:should|need to|must|have"
              + " to|can|will|could)(?: also| just| politely| then)*"
              + " (?:respond|answer|reply|refuse|decline|comply|avoid|make"
              + " sure|keep|provide|give|explain|consider|check|think|remember|write|offer|be"
              + " (?:careful|polite|brief|clear|helpful))\\b"
              + "(?!.{0,40}\\b(?:you|your)\\b)|\\b(?:disallowed|per (?:the )?policy|policy says|my"
              + " response|the response should)\\b");

  private static final Pattern PARAGRAPHS = Pattern.compile("\\n\\s*\\n");
  private static final Pattern SENTENCES = Pattern.compile("(?<=[.!?])\\s+");

  private Monologue() {}

  /// Whether a completion opens with thinking.
  static boolean opens(String completion) {
    String plain = Passage.plain(head(completion));
    return HEADING.matcher(plain).matches() || OPENING.matcher(plain).find();
  }

  /// What follows the thinking of a completion that opens with it; empty where nothing does.
  static String answer(String completion) {
    var heading = ANSWER_HEADING.matcher(completion);
    int after = -1;
    while (heading.find()) {
      after = heading.end();
    }
    if (after >= 0) {
      return completion.substring(after);
    }
    var paragraphs = PARAGRAPHS.splitAsStream(completion.strip()).toList();
    int end = thinking(paragraphs);
    return end < paragraphs.size()
        ? String.join("\n\n", paragraphs.subList(end, paragraphs.size()))
        : afterSentences(paragraphs.getLast());
  }

  /// How many leading paragraphs are thinking; the first always is.
  private static int thinking(List<String> paragraphs) {
    int end = 1;
    while (end < paragraphs.size() && isThinking(paragraphs.get(end))) {
      end++;
    }
    return end;
  }

  /// The end of a paragraph after its last thinking sentence.
  private static String afterSentences(String paragraph) {
    var left = new ArrayList<>(SENTENCES.splitAsStream(paragraph).toList());
    left.removeFirst();
    while (!left.isEmpty() && isThinking(left.getFirst())) {
      left.removeFirst();
    }
    return left.stream().anyMatch(Monologue::isThinking) ? "" : String.join(" ", left);
  }

  private static boolean isThinking(String text) {
    return THINKING.matcher(Passage.plain(text)).find();
  }

  /// As much as the opening needs; patterns need not run over a whole book.
  private static String head(String completion) {
    return completion.substring(0, Math.min(400, completion.length()));
  }
}
