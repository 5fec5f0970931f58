package dev.demur.lab.study;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.paper.PleaseSay;
import dev.demur.lab.run.Stage;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.Supplement.SaidRow;
import dev.demur.model.generate.Generator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Asks the unedited and the ablated model to say sentences that refuse.
///
/// @param stages the study's
record SaySentences(StudyStages stages) {

  /// Longer than any of the sentences.
  private static final int TOKENS = 40;

  /// Whether one sentence was said.
  ///
  /// @param index of the sentence
  record Said(int index, boolean said, int tokens) {}

  List<SaidRow> rows(Direction direction) throws IOException {
    var unedited = said(Treatment.unedited());
    var rows = new ArrayList<SaidRow>();
    for (var treatment : treatments(direction)) {
      var counts = PairedCounts.of(unedited, said(treatment));
      rows.add(new SaidRow(treatment.variant(), counts, counts.mcNemar()));
    }
    return rows;
  }

  private static List<Treatment> treatments(Direction direction) {
    return List.of(Treatment.ablation(Variant.ABLATION, direction));
  }

  private int tokens() {
    return Math.min(TOKENS, stages.config().evaluation().maxNewTokens());
  }

  private List<Boolean> said(Treatment treatment) throws IOException {
    var prompts = PleaseSay.prompts();
    var stage =
        new Stage.OfGroups<>(
            "say",
            prompts.name() + ", " + treatment.variant(),
            List.of(stages.asked().identity(), prompts.sha256(), treatment.identity(), tokens()),
            Said.class,
            prompts.size(),
            Said::index,
            prompts.size(),
            (places, told) -> write(treatment, places).forEach(told),
            row -> (long) row.tokens());
    return stages.store().get(stage, stages.progress()).stream().map(Said::said).toList();
  }

  private List<Said> write(Treatment treatment, List<Integer> places) {
    var model = stages.asked().model();
    var formats = stages.asked().formats();
    var prompts =
        places.stream()
            .map(i -> PleaseSay.prompts().instructions().get(i))
            .map(text -> formats.scoring().format(text).tokens())
            .toList();
    var options = model.greedy(tokens(), stages.config().evaluation().batchSize());
    var plan = treatment.policy().plan(model.config().nLayers());
    var completions = new Generator(model.transformer(), options, plan).complete(prompts, _ -> {});
    return IntStream.range(0, places.size())
        .mapToObj(
            i -> {
              var tokens = completions.get(i).tokens();
              String text = model.tokenizer().decode(tokens);
              return new Said(places.get(i), PleaseSay.isSaid(places.get(i), text), tokens.size());
            })
        .toList();
  }
}
