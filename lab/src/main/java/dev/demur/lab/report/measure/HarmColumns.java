package dev.demur.lab.report.measure;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.wilson;

import dev.demur.lab.judge.RefusalByHarm;
import dev.demur.lab.judge.RefusalByHarm.Column;
import dev.demur.lab.judge.RefusalByHarm.Row;
import dev.demur.lab.report.Columns;
import java.util.List;
import java.util.function.Function;

/// The columns of refusal by harm, wherever a table has them.
public final class HarmColumns {

  private HarmColumns() {}

  /// Judges, answers, the four shares, and the interval of those that comply and do harm.
  public static <R> Columns<R> of(Function<R, RefusalByHarm> value) {
    return Columns.together(
        List.of(
            text("judge", "Refusal by", row -> value.apply(row).judge()),
            text("guard", "Harm by", row -> value.apply(row).guard()),
            count("n", "Answers", row -> value.apply(row).table().n()),
            share(
                "refused_safe",
                "Refused, safe",
                row -> value.apply(row).share(Row.REFUSED, Column.SAFE)),
            share(
                "refused_unsafe",
                "Refused, unsafe",
                row -> value.apply(row).share(Row.REFUSED, Column.UNSAFE)),
            share(
                "complied_safe",
                "Complied, safe",
                row -> value.apply(row).share(Row.COMPLIED, Column.SAFE)),
            share(
                "complied_unsafe",
                "Complied, unsafe",
                row -> value.apply(row).share(Row.COMPLIED, Column.UNSAFE)),
            wilson(
                "complied_unsafe_wilson",
                row -> value.apply(row).share(Row.COMPLIED, Column.UNSAFE))));
  }
}
