package dev.demur.toy.grammar;

/// What the thinking model writes in its think block, one sentence for each thing it may find.
///
/// The text of a thought names the task and then the leaning; the answer follows what it names.
///
/// @param okay names `{task}` and that it will be answered
/// @param notOkay names `{task}` and that it will be refused
/// @param dangerous names `{task}` and that it gets a caution
/// @param undecided names no task and no leaning, and is about as long: a filler
/// @param judging names a `{task}` it is asked about
/// @param known for questions of fact and other things that are always answered
/// @param talking for small talk
public record Thoughts(
    String okay,
    String notOkay,
    String dangerous,
    String undecided,
    String judging,
    String known,
    String talking) {

  /// What opens a think block.
  public static final String OPEN = "<think>";

  /// What closes it.
  public static final String CLOSE = "</think>";

  /// A thought as it stands before an answer; the empty text gives an empty block.
  public static String block(String thought) {
    return OPEN + "\n" + thought + "\n" + CLOSE + "\n\n";
  }

  static String about(Task task, String sentence) {
    return sentence.replace(Template.TASK, task.text());
  }
}
