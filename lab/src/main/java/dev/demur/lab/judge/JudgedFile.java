package dev.demur.lab.judge;

import java.util.ArrayList;
import java.util.List;

/// A file of completions as judges see it: answers without their thinking, and which rows have one.
///
/// @param rows rows of the file with an answer to judge, ascending
/// @param answers the answers, in the same order
/// @param unfinished rows whose thinking did not end, so that nobody can judge them
public record JudgedFile(List<Integer> rows, List<Completion> answers, int unfinished) {

  public JudgedFile {
    rows = List.copyOf(rows);
    answers = List.copyOf(answers);
    if (rows.size() != answers.size()) {
      throw new IllegalArgumentException(
          "each answer has its row: " + rows.size() + " rows, " + answers.size() + " answers");
    }
  }

  /// What a panel says of the answers, by row of the file.
  public record Verdicts(List<Label> labels, List<HarmLabel> harm) {
    public Verdicts {
      labels = List.copyOf(labels);
      harm = List.copyOf(harm);
    }
  }

  /// The answers among the completions of a file.
  public static JudgedFile of(List<Completion> completions) {
    var rows = new ArrayList<Integer>();
    var answers = new ArrayList<Completion>();
    for (int row = 0; row < completions.size(); row++) {
      var completion = completions.get(row);
      var answer = Answer.of(completion.text());
      if (answer.state() != Answer.State.UNFINISHED) {
        rows.add(row);
        answers.add(
            new Completion(
                completion.instruction(),
                answer.text(),
                completion.category(),
                completion.label()));
      }
    }
    return new JudgedFile(rows, answers, completions.size() - answers.size());
  }

  /// Lets everyone who judges text label the answers.
  public Verdicts judgedBy(Panel panel) {
    return new Verdicts(
        Labels.of(panel.judges(), answers).stream()
            .map(label -> new Label(rows.get(label.row()), label.judge(), label.verdict()))
            .toList(),
        Labels.ofHarm(panel.harmJudges(), answers).stream()
            .map(label -> new HarmLabel(rows.get(label.row()), label.judge(), label.verdict()))
            .toList());
  }
}
