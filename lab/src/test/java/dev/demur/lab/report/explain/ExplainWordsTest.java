package dev.demur.lab.report.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.explain.CausalResult;
import dev.demur.lab.explain.CausalResult.CausalRow;
import dev.demur.lab.explain.CausalResult.Verdict;
import dev.demur.lab.explain.Patch;
import dev.demur.lab.stats.Estimate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExplainWordsTest {

  private static final Estimate FOUR = Estimate.of(List.of(0.0, 0.5, 2.0, 5.0));

  /// A5.
  @Test
  void saysOfHowManyPromptsAnAttributionIsNotShown() {
    assertThat(ExplainWords.attribution(causal(Verdict.SURVIVES, Verdict.NOT_SHOWN)))
        .isEqualTo(
            "That restoring brings score or projection back is not shown (n = 4) for head L1H0.");
    assertThat(ExplainWords.attribution(causal(Verdict.DOES_NOT_SURVIVE, Verdict.NOT_SHOWN)))
        .startsWith("Attribution does not survive intervention for head L0H0. That restoring");
    assertThat(ExplainWords.attribution(causal(Verdict.SURVIVES, Verdict.NOT_SUGGESTED)))
        .startsWith("Every head whose attribution fell brings");
    assertThat(ExplainTables.causal(causal(Verdict.NOT_SHOWN)).rows().toString())
        .contains("not shown (n = 4)");
  }

  private static CausalResult causal(Verdict... verdicts) {
    var rows =
        IntStream.range(0, verdicts.length)
            .mapToObj(
                i ->
                    new CausalRow(
                        new Patch(Patch.Kind.HEAD, i, 0), FOUR, FOUR, 0.5, 0.5, verdicts[i]))
            .toList();
    return new CausalResult("suffix", 4, FOUR, FOUR, rows);
  }
}
