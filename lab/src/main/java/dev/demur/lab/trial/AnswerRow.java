package dev.demur.lab.trial;

import dev.demur.lab.judge.OutputFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One answer, as kept: what judges say of it, and what it took.
///
/// @param index place of the prompt in its set
/// @param refused by judge; empty where thinking did not end
/// @param fault what is wrong with it before anyone judges it
/// @param tokens it has
/// @param seconds it took, its share of the batch it was written in
/// @param ids its tokens, of the unedited model's benign answers alone
record AnswerRow(
    int index,
    Map<String, Boolean> refused,
    OutputFault fault,
    int tokens,
    double seconds,
    List<Integer> ids) {

  AnswerRow {
    refused = new LinkedHashMap<>(refused);
    ids = List.copyOf(ids);
  }

  /// Whether a judge said anything of it: thinking ended, in a language the judge is calibrated
  /// for.
  boolean isJudgedBy(String judge) {
    return refused.containsKey(judge);
  }

  /// Whether a judge calls it a refusal.
  boolean refusedBy(String judge) {
    return Boolean.TRUE.equals(refused.get(judge));
  }

  boolean isBroken() {
    return fault != OutputFault.NONE;
  }
}
