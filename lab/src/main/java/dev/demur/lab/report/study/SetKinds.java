package dev.demur.lab.report.study;

import dev.demur.lab.study.StudyResult;
import dev.demur.lab.study.StudyResult.SetFacts;
import java.util.List;

/// Which evaluation sets show the behaviour and which do not.
///
/// @param harmful names of harmful sets, in the study's order
/// @param harmless names of harmless sets
record SetKinds(List<String> harmful, List<String> harmless) {

  static SetKinds of(StudyResult study) {
    var evaluated = study.data().sets().stream().filter(s -> s.role().isEvaluation()).toList();
    return new SetKinds(
        evaluated.stream().filter(s -> s.role().isHarmful()).map(SetFacts::name).toList(),
        evaluated.stream().filter(s -> !s.role().isHarmful()).map(SetFacts::name).toList());
  }

  boolean isHarmful(String set) {
    return harmful.contains(set);
  }

  /// `harmful` or `harmless`.
  String word(String set) {
    return isHarmful(set) ? "harmful" : "harmless";
  }
}
