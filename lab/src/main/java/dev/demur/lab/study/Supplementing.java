package dev.demur.lab.study;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.paper.AboutRefusals;
import dev.demur.lab.prompts.AttackedPrompts;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.CompleteAndJudge.Judging;
import dev.demur.lab.study.Study.Brought;
import dev.demur.lab.study.StudyConfig.Extent;
import dev.demur.lab.study.Supplement.AdapterRow;
import dev.demur.lab.study.Supplement.AttackRow;
import dev.demur.lab.study.Supplement.SaidRow;
import dev.demur.lab.study.Supplement.SelfAnswer;
import dev.demur.lab.study.Supplement.SystemSpread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Measures what the paper's appendices show beside the evaluation.
///
/// @param stages the study's
/// @param judging who judges
/// @param blocks the evaluation's completions, one list a set and variant
/// @param spreads what the sensitivity grid found of system texts
/// @param brought what the user brings for comparison
record Supplementing(
    StudyStages stages,
    Judging judging,
    List<List<CompletionRow>> blocks,
    List<SystemSpread> spreads,
    Brought brought) {

  /// An instruction to see what the template writes before it.
  private static final String PROBE = "Name a river.";

  Supplement supplement(
      Optional<Direction> direction, List<Coherence> coherence, CoherenceCorpora corpora)
      throws IOException {
    return new Supplement(
        opening(),
        Quadrants.of(blocks, judging.panel()),
        new AnswerLikeness(blocks, stages.drawn().harmfulNames()).all(),
        spreads,
        attacks(direction),
        said(direction),
        aboutRefusals(direction),
        adapter(direction, coherence, corpora));
  }

  private List<AttackRow> attacks(Optional<Direction> direction) throws IOException {
    var attacks = new ArrayList<AttackedPrompts>();
    int most = stages.config().evaluation().harmfulPrompts();
    brought.attacks().forEach(attack -> attacks.add(attack.first(most)));
    var sets = stages.drawn().harmfulSets();
    for (int i = 0; i < brought.suffixes().size(); i++) {
      for (var set : sets) {
        String name = sets.size() == 1 ? "suffix" : set.name() + ", suffix";
        attacks.add(AttackedPrompts.suffixed(name + " " + (i + 1), set, brought.suffixes().get(i)));
      }
    }
    return direction.isEmpty() || attacks.isEmpty()
        ? List.of()
        : new Attacks(stages, judging, attacks).rows(direction.get());
  }

  private List<AdapterRow> adapter(
      Optional<Direction> direction, List<Coherence> coherence, CoherenceCorpora corpora)
      throws IOException {
    if (direction.isEmpty() || brought.adapter().isEmpty()) {
      return List.of();
    }
    try (var adapted = brought.adapter().get().open()) {
      return new AdapterComparison(stages, judging, blocks, coherence).rows(adapted, corpora);
    }
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

  private List<SelfAnswer> aboutRefusals(Optional<Direction> direction) throws IOException {
    if (direction.isEmpty() || stages.config().extent() == Extent.USUAL) {
      return List.of();
    }
    var questions = AboutRefusals.prompts();
    var unedited = stages.completed(questions, Treatment.unedited(), judging);
    var ablated =
        stages.completed(questions, Treatment.ablation(Variant.ABLATION, direction.get()), judging);
    return IntStream.range(0, questions.size())
        .mapToObj(i -> Stream.of(unedited.get(i), ablated.get(i)))
        .flatMap(Function.identity())
        .map(row -> answer(row, questions.instructions().get(row.index())))
        .toList();
  }

  private static SelfAnswer answer(CompletionRow row, String question) {
    var refused = row.labels().keySet().stream().filter(row::refused).toList();
    return new SelfAnswer(question, row.variant(), refused, row.tokens(), row.text());
  }
}
