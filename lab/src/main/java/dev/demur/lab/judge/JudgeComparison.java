package dev.demur.lab.judge;

import dev.demur.lab.judge.RefusalByHarm.Both;
import dev.demur.lab.stats.CorrectedRate;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// What judges, and people where they labelled some, say of the answers of a file.
///
/// @param answers how many there were to judge
/// @param unfinished completions whose thinking did not end; they are in no rate
/// @param refusals of every rater that labelled an answer, people first
/// @param notJudged answers in languages that a judge is not calibrated for
/// @param harms of every judge of harm
/// @param agreements of every two raters that labelled the same answers: people with judges, then
///   judges with each other
/// @param quadrants refusal by harm, of every judge of the one with every judge of the other
/// @param corrections of judges, where people labelled some of their answers but not all
public record JudgeComparison(
    int answers,
    int unfinished,
    List<RaterRate> refusals,
    List<NotJudged> notJudged,
    List<RaterRate> harms,
    List<RaterPair> agreements,
    List<RefusalByHarm> quadrants,
    List<Correction> corrections) {

  /// The name of the rater that is not a judge.
  public static final String PEOPLE = "people";

  public JudgeComparison {
    refusals = List.copyOf(refusals);
    notJudged = List.copyOf(notJudged);
    harms = List.copyOf(harms);
    agreements = List.copyOf(agreements);
    quadrants = List.copyOf(quadrants);
    corrections = List.copyOf(corrections);
  }

  /// The share of answers with a property, by one rater.
  public record RaterRate(String rater, Rate rate) {}

  /// Answers in a language that a judge is not calibrated for.
  public record NotJudged(String judge, Language language, int n) {}

  /// Two raters on the answers that both labelled.
  ///
  /// @param differingRows rows of the file on which one sees a refusal and the other none
  public record RaterPair(JudgeAgreement labels, List<Integer> differingRows) {
    public RaterPair {
      differingRows = List.copyOf(differingRows);
    }
  }

  /// A judge's rate as people would have counted it.
  public record Correction(String judge, CorrectedRate rate) {}

  /// Counts and compares.
  ///
  /// @param verdicts what the panel said of the file's answers
  public static JudgeComparison of(JudgedFile file, Panel panel, JudgedFile.Verdicts verdicts) {
    var raters = new Raters(file, panel, verdicts);
    return new JudgeComparison(
        file.answers().size(),
        file.unfinished(),
        raters.refusals(),
        raters.notJudged(),
        raters.harms(),
        raters.agreements(),
        quadrants(panel, verdicts),
        raters.corrections());
  }

  private static List<RefusalByHarm> quadrants(Panel panel, JudgedFile.Verdicts verdicts) {
    var quadrants = new ArrayList<RefusalByHarm>();
    for (String judge : panel.names()) {
      var refusals = new HashMap<Integer, Refusal>();
      verdicts.labels().stream()
          .filter(label -> label.judge().equals(judge))
          .forEach(label -> refusals.put(label.row(), label.verdict().refusal()));
      for (var guard : panel.harmJudges()) {
        var both = new ArrayList<Both>();
        for (var harm : verdicts.harm()) {
          var refusal = refusals.get(harm.row());
          if (harm.judge().equals(guard.name()) && refusal != null) {
            both.add(new Both(refusal, harm.verdict().harm()));
          }
        }
        if (!both.isEmpty()) {
          quadrants.add(RefusalByHarm.of(judge, guard.name(), both));
        }
      }
    }
    return quadrants;
  }
}
