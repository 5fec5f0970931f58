package dev.demur.lab.study;

import dev.demur.lab.judge.Panel;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.study.StudyConfig.Evaluation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Completions of a study, judged by its panel.
///
/// @param bench what stages work with
/// @param panel who judges
/// @param refusalTokens what the panel's first-token judge looks for
/// @param evaluation how completions are made
record CompletionStage(
    Bench bench, Panel panel, Set<Integer> refusalTokens, Evaluation evaluation) {

  /// One row per prompt, of completions of at most `tokens` tokens.
  List<CompletionRow> rows(PromptSet set, Treatment variant, int tokens) throws IOException {
    boolean opening = panel.opening() == Panel.Opening.JUDGED;
    var completing =
        new Completing(
            bench.model(),
            bench.formats(),
            panel,
            opening
                ? Optional.of(new Openings(bench.model().forward(), refusalTokens))
                : Optional.empty(),
            new Completing.Limits(tokens, evaluation.batchSize(), evaluation.keep()));
    List<Object> asked = opening ? List.of(refusalTokens.stream().sorted().toList()) : List.of();
    return bench.complete("complete", completing, set, variant, asked);
  }
}
