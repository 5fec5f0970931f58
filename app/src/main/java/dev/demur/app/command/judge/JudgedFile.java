package dev.demur.app.command.judge;

import dev.demur.lab.judge.Answer;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.HarmLabel;
import dev.demur.lab.judge.Label;
import dev.demur.lab.judge.Labels;
import dev.demur.lab.judge.Panel;
import java.util.ArrayList;
import java.util.List;

/// A file of completions as judges see it: answers without their thinking, and which rows have one.
///
/// @param rows rows of the file with an answer to judge
/// @param answers the answers, in the same order
/// @param unfinished rows whose thinking did not end, so that nobody can judge them
record JudgedFile(List<Integer> rows, List<Completion> answers, int unfinished) {

  /// What a panel says of the answers, by row of the file.
  record Verdicts(List<Label> labels, List<HarmLabel> harm) {}

  static JudgedFile of(List<Completion> completions) {
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
    return new JudgedFile(
        List.copyOf(rows), List.copyOf(answers), completions.size() - answers.size());
  }

  Verdicts judgedBy(Panel panel) {
    return new Verdicts(
        Labels.of(panel.judges(), answers).stream()
            .map(label -> new Label(rows.get(label.row()), label.judge(), label.verdict()))
            .toList(),
        Labels.ofHarm(panel.harmJudges(), answers).stream()
            .map(label -> new HarmLabel(rows.get(label.row()), label.judge(), label.verdict()))
            .toList());
  }
}
