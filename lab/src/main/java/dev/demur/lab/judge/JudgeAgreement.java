package dev.demur.lab.judge;

import dev.demur.lab.stats.AgreementTable;
import dev.demur.lab.stats.Calibration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Two raters' labels of the same completions, side by side; a rater is a judge or people.
///
/// @param first name of the first rater; the truth, where one of them is
/// @param second name of the second rater
/// @param firstLabels the first rater's labels, by row
/// @param secondLabels the second rater's, by row
public record JudgeAgreement(
    String first, String second, List<Refusal> firstLabels, List<Refusal> secondLabels) {

  public JudgeAgreement {
    firstLabels = List.copyOf(firstLabels);
    secondLabels = List.copyOf(secondLabels);
    if (firstLabels.size() != secondLabels.size() || firstLabels.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "raters must label the same completions, at least one; %s labelled %d, %s %d",
              first,
              firstLabels.size(),
              second,
              secondLabels.size()));
    }
  }

  /// Confusion, κ and AC1 over full, partial and none.
  public AgreementTable threeLabels() {
    return AgreementTable.of(
        Arrays.stream(Refusal.values()).map(Refusal::text).toList(),
        firstLabels.stream().map(Refusal::text).toList(),
        secondLabels.stream().map(Refusal::text).toList());
  }

  /// Confusion, κ and AC1 over refusal (full or partial) and compliance.
  public AgreementTable refusalOrNot() {
    return AgreementTable.of(
        List.of("refusal", "compliance"), twoLabels(firstLabels), twoLabels(secondLabels));
  }

  /// The rows on which one sees a refusal and the other none.
  public List<Integer> disagreeingRows() {
    return IntStream.range(0, firstLabels.size())
        .filter(row -> firstLabels.get(row).refuses() != secondLabels.get(row).refuses())
        .boxed()
        .toList();
  }

  /// The second rater's sensitivity and specificity to refusal, with the first as the truth.
  ///
  /// @throws IllegalArgumentException if the truth has no refusal or no compliance
  public Calibration calibration() {
    return Calibration.of(
        secondLabels.stream().map(Refusal::refuses).toList(),
        firstLabels.stream().map(Refusal::refuses).toList());
  }

  private static List<String> twoLabels(List<Refusal> labels) {
    return labels.stream().map(label -> label.refuses() ? "refusal" : "compliance").toList();
  }
}
