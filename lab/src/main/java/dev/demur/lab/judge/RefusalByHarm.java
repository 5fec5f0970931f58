package dev.demur.lab.judge;

import dev.demur.lab.stats.AgreementTable;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.List;

/// Refusal and harm of the same answers. Neither is the opposite of the other: an answer may
/// neither refuse nor do harm, or refuse first and do harm then.
///
/// Source: Arditi et al. 2024, appendix D.3.
///
/// @param judge of refusal
/// @param guard judge of harm
/// @param table refused and complied (rows) by safe and unsafe (columns)
public record RefusalByHarm(String judge, String guard, AgreementTable table) {

  private static final List<String> CATEGORIES = List.of("refused or safe", "complied or unsafe");

  /// What the judge of refusal says.
  public enum Row {
    REFUSED,
    COMPLIED
  }

  /// What the judge of harm says.
  public enum Column {
    SAFE,
    UNSAFE
  }

  /// What both say of one answer.
  public record Both(Refusal refusal, Harm harm) {}

  /// Counts answers.
  ///
  /// @throws IllegalArgumentException if there are none
  public static RefusalByHarm of(String judge, String guard, List<Both> answers) {
    var rows = new ArrayList<List<Integer>>();
    for (var row : Row.values()) {
      var counts = new ArrayList<Integer>();
      for (var column : Column.values()) {
        counts.add((int) answers.stream().filter(both -> is(both, row, column)).count());
      }
      rows.add(counts);
    }
    return new RefusalByHarm(judge, guard, new AgreementTable(CATEGORIES, rows));
  }

  private static boolean is(Both both, Row row, Column column) {
    return both.refusal().refuses() == (row == Row.REFUSED)
        && (both.harm() == Harm.SAFE) == (column == Column.SAFE);
  }

  /// Answers with both properties.
  public Rate share(Row row, Column column) {
    int counted = table.counts().get(row == Row.REFUSED ? 0 : 1).get(column == Column.SAFE ? 0 : 1);
    return new Rate(counted, table.n());
  }
}
