package dev.demur.lab.map.style;

import dev.demur.lab.judge.Judge;
import dev.demur.lab.map.effect.Effects;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.map.reading.Placed;
import dev.demur.lab.map.reading.Reads;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lets every direction, and the directions of its two halves, bring refusals about, and tells how
/// they speak, where its prompts are English. Beside them stand the unedited model's refusals of
/// each pair's target prompts.
///
/// @param model the model
/// @param judge who tells refusals
/// @param effects knows doses
/// @param reads the stream
/// @param config the largest dose is taken
public record BroughtRefusals(
    ChatModel model, Judge judge, Effects effects, Reads reads, MapConfig config) {

  /// A row for every direction, in their order.
  ///
  /// @throws IOException if what was written cannot be kept
  public List<StyleRow> rows(List<Placed> placed, RunStore store, Progress progress)
      throws IOException {
    var natural = new ArrayList<Styles.Brought>();
    var brought = new ArrayList<Styles.Brought>();
    double dose = config.doses().stream().mapToDouble(d -> d).max().orElse(1);
    for (var one : placed) {
      var side = one.side();
      if (!side.pair().isOfChats() || !side.pair().language().equals(MapPrompt.USUAL_LANGUAGE)) {
        continue; // the phrases are English
      }
      var asked = ask("unedited, " + one.name(), Policy.none(), side.test(), store, progress);
      natural.add(
          new Styles.Brought(
              one.name() + ", unedited", styles(asked), half(asked, 0), half(asked, 1)));
      var halves = new ArrayList<List<Style>>();
      for (int half = 0; half < 2; half++) {
        var own = Placed.of(side.half(half), one.place(), reads);
        var policy = effects.addition(own, dose);
        String title = "half " + (half + 1) + " of " + one.name();
        halves.add(styles(ask(title, policy, side.testContrast(), store, progress)));
      }
      var policy = effects.addition(one, dose);
      brought.add(
          new Styles.Brought(
              one.name(),
              styles(ask("add " + one.name(), policy, side.testContrast(), store, progress)),
              halves.getFirst(),
              halves.getLast()));
    }
    var rows = new ArrayList<>(Styles.rows(natural));
    rows.addAll(Styles.rows(brought));
    return rows;
  }

  private List<StyleAsking.Row> ask(
      String title, Policy policy, List<MapPrompt> prompts, RunStore store, Progress progress)
      throws IOException {
    var asking =
        new StyleAsking(model, effects.identity(), title, policy, prompts, judge, config.writing());
    return store.get(asking, progress);
  }

  private static List<Style> styles(List<StyleAsking.Row> rows) {
    return rows.stream().map(StyleAsking.Row::style).flatMap(Optional::stream).toList();
  }

  private static List<Style> half(List<StyleAsking.Row> rows, int half) {
    return styles(rows.stream().filter(row -> row.index() % 2 == half).toList());
  }
}
