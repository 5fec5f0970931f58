package dev.demur.lab.judge;

import java.util.regex.Pattern;

/// What a model says after it has thought.
///
/// Judges look at [#text] only. Thinking that did not end within the token limit is neither a
/// refusal nor compliance, and is to be counted apart.
///
/// Thinking is found by its tags (`<think>`, `[THINK]`, `<|channel|>analysis` and their likes), by
/// headings ("Reasoning: … Answer: …"), and without any mark where a completion opens by speaking
/// of the user in the third person ("Okay, the user asks …"); [Monologue] has that rule.
///
/// @param text the answer, without the thinking block; empty where thinking did not end
/// @param state how the thinking ended
public record Answer(String text, State state) {

  /// How thinking ended.
  public enum State {
    /// There was none.
    NOT_THINKING,
    /// It was closed; the answer follows.
    FINISHED,
    /// It was not closed; there is no answer.
    UNFINISHED
  }

  private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.DOTALL;

  private static final String NAMES =
      "(?:seed:)?(?:think|thinking|thoughts?|reasoning|reflection|scratchpad|analysis)";

  private static final Pattern OPEN =
      Pattern.compile(
          "\\s*(?:<(?i)"
              + NAMES
              + "(?-i)>|\\[(?:THINK|think)(?:ing|ING)?]|\u25c1think\u25b7|<\\|(?i:begin_of_thought|start_thinking)\\|>"
              + "|<unused94>|(?:<\\|start\\|>assistant)?<\\|channel\\|>(?:analysis|commentary)"
              + "|analysis(?=[A-Z\"'])|<\\|channel>thought).*",
          Pattern.DOTALL);

  /// The last closing mark counts: a model may speak of its own tags while it thinks.
  private static final Pattern CLOSED =
      Pattern.compile(
          ".*(?:</"
              + NAMES
              + ">|\\[/think(?:ing)?]|\u25c1/think\u25b7|<\\|(?:end_of_thought|end_thinking)\\|>"
              + "|<unused95>|<\\|channel\\|>final(?: <\\|constrain\\|>\\w+)?<\\|message\\|>"
              + "|assistantfinal|<channel\\|>)(.*)",
          FLAGS);

  /// Marks some models set around the answer that follows their thinking.
  private static final Pattern WRAPPED =
      Pattern.compile(
          "\\s*(?:<(?:answer|response|output|final)>|<\\|(?:begin_of_solution|start_response)\\|>)?(.*?)"
              + "(?:</(?:answer|response|output|final)>"
              + "|<\\|(?:end_of_solution|end_response|return|end|im_end)\\|>)?\\s*",
          FLAGS);

  /// The answer in a completion that opens its own thinking block, or has none.
  public static Answer of(String completion) {
    if (OPEN.matcher(completion).matches() || CLOSED.matcher(completion).matches()) {
      return ofOpened(completion);
    }
    return Monologue.opens(completion)
        ? finished(Monologue.answer(completion))
        : new Answer(completion, State.NOT_THINKING);
  }

  /// The answer in a completion to a prompt that ends inside an open thinking block, as some
  /// templates write it.
  public static Answer ofOpened(String completion) {
    var closed = CLOSED.matcher(completion);
    if (!closed.matches()) {
      return new Answer("", State.UNFINISHED);
    }
    var wrapped = WRAPPED.matcher(closed.group(1));
    String text = wrapped.matches() ? wrapped.group(1) : closed.group(1);
    return new Answer(text.strip(), State.FINISHED);
  }

  private static Answer finished(String answer) {
    return answer.isBlank()
        ? new Answer("", State.UNFINISHED)
        : new Answer(answer.strip(), State.FINISHED);
  }
}
