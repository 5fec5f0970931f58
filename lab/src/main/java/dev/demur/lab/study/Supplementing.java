package dev.demur.lab.study;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.study.CompleteAndJudge.Judging;
import dev.demur.lab.study.StudyConfig.Extent;
import dev.demur.lab.study.Supplement.SaidRow;
import dev.demur.lab.study.Supplement.SystemSpread;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Measures what the paper's appendices show beside the evaluation.
///
/// @param stages the study's
/// @param judging who judges
/// @param blocks the evaluation's completions, one list a set and variant
/// @param spreads what the sensitivity grid found of system texts
record Supplementing(
    StudyStages stages,
    Judging judging,
    List<List<CompletionRow>> blocks,
    List<SystemSpread> spreads) {

  /// An instruction to see what the template writes before it.
  private static final String PROBE = "Name a river.";

  Supplement supplement(Optional<Direction> direction) throws IOException {
    return new Supplement(
        opening(),
        Quadrants.of(blocks, judging.panel()),
        new AnswerLikeness(blocks, stages.drawn().harmfulNames()).all(),
        spreads,
        List.of(),
        said(direction),
        List.of());
  }

  /// What the template writes before the instruction when it is told nothing about a system text.
  private String opening() {
    var format = stages.asked().model().prompts();
    String text = format.format(PROBE).text();
    return text.substring(0, Math.max(0, text.indexOf(PROBE)));
  }

  private List<SaidRow> said(Optional<Direction> direction) throws IOException {
    return direction.isEmpty() || stages.config().extent() == Extent.USUAL
        ? List.of()
        : new SaySentences(stages).rows(direction.get());
  }
}
