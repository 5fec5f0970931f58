package dev.demur.lab.study;

import dev.demur.lab.Seeds;
import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.coherence.CoherenceProbe;
import dev.demur.lab.coherence.CoherenceProbe.Divergence;
import dev.demur.lab.coherence.Corpus;
import dev.demur.lab.coherence.Corpus.Kind;
import dev.demur.lab.coherence.Exchange;
import dev.demur.lab.coherence.OwnCompletions;
import dev.demur.lab.coherence.PassageScores;
import dev.demur.lab.judge.Harm;
import dev.demur.lab.judge.HarmJudge;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.CompleteAndJudge.Judging;
import dev.demur.lab.study.CompleteAndJudge.Limits;
import dev.demur.lab.study.Supplement.AdapterRow;
import dev.demur.lab.study.Supplement.Loss;
import dev.demur.lab.study.Supplement.LossChange;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Lays the model with an adapter beside the interventions, on the same prompts and passages.
///
/// @param stages the study's
/// @param judging who judges
/// @param blocks the evaluation's completions
/// @param coherence the interventions' cross-entropies
record AdapterComparison(
    StudyStages stages,
    Judging judging,
    List<List<CompletionRow>> blocks,
    List<Coherence> coherence) {

  private static final int RESAMPLES = 2000;
  private static final String ADAPTER = "adapter";

  List<AdapterRow> rows(ChatModel adapted, CoherenceCorpora corpora) throws IOException {
    var rows = new ArrayList<AdapterRow>();
    for (var variant : List.of(Variant.UNEDITED, Variant.ABLATION, Variant.SUBTRACTION)) {
      var completions =
          blocks.stream()
              .filter(block -> block.getFirst().variant().equals(variant))
              .filter(block -> stages.drawn().harmfulNames().contains(block.getFirst().set()))
              .flatMap(List::stream)
              .toList();
      rows.add(row(variant.text(), completions, losses(variant)));
    }
    rows.add(row(ADAPTER, completed(adapted), losses(adapted, corpora)));
    return rows;
  }

  private AdapterRow row(String name, List<CompletionRow> completions, List<Loss> losses) {
    String judge = judging.panel().names().getFirst();
    var judged = completions.stream().filter(row -> row.isJudgedBy(judge)).toList();
    if (judged.isEmpty()) {
      throw new IllegalArgumentException(
          name + " gave no answer that the judge " + judge + " judges; the comparison needs some");
    }
    return new AdapterRow(
        name,
        judge,
        Rate.of(judged, row -> row.refused(judge)),
        judging.panel().harmJudges().stream()
            .findFirst()
            .map(HarmJudge::name)
            .flatMap(guard -> unsafe(completions, guard)),
        losses);
  }

  private static Optional<Rate> unsafe(List<CompletionRow> completions, String guard) {
    var judged = completions.stream().filter(row -> row.harm().containsKey(guard)).toList();
    return judged.isEmpty()
        ? Optional.empty()
        : Optional.of(Rate.of(judged, row -> row.harm().get(guard) == Harm.UNSAFE));
  }

  private List<CompletionRow> completed(ChatModel adapted) throws IOException {
    var evaluation = stages.config().evaluation();
    var limits = new Limits(evaluation.maxNewTokens(), evaluation.batchSize(), evaluation.keep());
    var asked = StudiedModel.of(adapted, stages.config().prompting());
    var rows = new ArrayList<CompletionRow>();
    for (var set : stages.drawn().harmfulSets()) {
      rows.addAll(
          stages
              .store()
              .get(
                  new CompleteAndJudge(
                      "complete", asked, judging, set, Treatment.unedited(), limits),
                  stages.progress()));
    }
    return rows;
  }

  // ---- cross-entropies ---------------------------------------------------------------------

  private List<Loss> losses(Variant variant) {
    return coherence.stream()
        .map(
            corpus ->
                corpus.variants().stream()
                    .filter(row -> row.variant().equals(variant))
                    .findFirst()
                    .map(
                        row ->
                            new Loss(
                                corpus.kind().text(),
                                row.loss().perToken(),
                                row.change()
                                    .map(c -> new LossChange(c.difference(), c.interval()))))
                    .orElseThrow())
        .toList();
  }

  /// The same corpora in the same order as [#coherence], of which blank own answers are left out.
  private List<Loss> losses(ChatModel adapted, CoherenceCorpora corpora) throws IOException {
    var losses = new ArrayList<Loss>();
    for (var corpus : coherence) {
      losses.add(
          loss(
              corpus.kind(),
              switch (corpus.kind()) {
                case TEXT -> scored(adapted, texts(corpora.text().orElseThrow(), corpora.limit()));
                case INSTRUCTIONS ->
                    scored(
                        adapted, exchanges(corpora.instructions().orElseThrow(), corpora.limit()));
                case OWN -> own(adapted);
              }));
    }
    return losses;
  }

  private Corpus texts(Path file, int limit) throws IOException {
    var model = stages.asked().model();
    int most =
        Math.min(MeasureCoherence.Settings.USUAL_TOKENS, model.transformer().limit().tokens());
    var texts = MeasureCoherence.drawn(seed(), "coherence-text", Corpus.readTexts(file), limit);
    return Corpus.ofTexts(ADAPTER, model.tokenizer(), texts, most);
  }

  private Corpus exchanges(Path file, int limit) throws IOException {
    var model = stages.asked().model();
    return Corpus.ofExchanges(
        ADAPTER,
        Kind.INSTRUCTIONS,
        stages.asked().formats().scoring(),
        model.tokenizer(),
        MeasureCoherence.drawn(seed(), "coherence-instructions", Exchange.read(file), limit));
  }

  private long seed() {
    return stages.config().seed();
  }

  /// What both models score of a corpus, passage by passage.
  private List<PassageScores> scored(ChatModel adapted, Corpus corpus) {
    return paired(probe(stages.asked().model()).run(corpus), probe(adapted).run(corpus));
  }

  /// What both models score of the unedited model's own answers.
  private List<PassageScores> own(ChatModel adapted) {
    var evaluation = stages.config().evaluation();
    var own =
        new OwnCompletions(
            stages.asked().model(),
            stages.asked().formats().scoring(),
            stages.drawn().harmlessSet().instructions(),
            evaluation.maxNewTokens(),
            evaluation.batchSize(),
            stages.asked().written());
    var places = IntStream.range(0, own.instructions().size()).boxed().toList();
    var before = new ArrayList<PassageScores>();
    var after = new ArrayList<PassageScores>();
    own.run(probe(stages.asked().model()), places, before::add);
    own.run(probe(adapted), places, after::add);
    return paired(before, after);
  }

  private static CoherenceProbe probe(ChatModel model) {
    return CoherenceProbe.of(model.forward(), List.of(HookPlan.none()), Divergence.LEFT_OUT);
  }

  private static List<PassageScores> paired(List<PassageScores> before, List<PassageScores> after) {
    var rows = new ArrayList<PassageScores>();
    for (int i = 0; i < before.size(); i++) {
      rows.add(
          new PassageScores(
              i,
              before.get(i).tokens(),
              List.of(before.get(i).nats().getFirst(), after.get(i).nats().getFirst()),
              List.of(List.of())));
    }
    return rows;
  }

  private Loss loss(Kind kind, List<PassageScores> rows) {
    var counted = rows.stream().filter(row -> row.tokens() > 0).toList();
    var bootstrap = new Bootstrap(new Seeds(seed()), "coherence-interval", RESAMPLES);
    return new Loss(
        kind.text(),
        perToken(counted, 1),
        Optional.of(
            new LossChange(
                difference(counted),
                bootstrap.percentile(
                    counted, AdapterComparison::difference, Interval.USUAL_LEVEL))));
  }

  private static double difference(List<PassageScores> rows) {
    return perToken(rows, 1) - perToken(rows, 0);
  }

  private static double perToken(List<PassageScores> rows, int model) {
    double nats = rows.stream().mapToDouble(row -> row.nats().get(model)).sum();
    return nats / rows.stream().mapToLong(PassageScores::tokens).sum();
  }
}
