package dev.demur.lab.map;

import dev.demur.lab.Seeds;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.judge.Judge;
import dev.demur.lab.map.MapResult.Opening;
import dev.demur.lab.map.effect.Answered;
import dev.demur.lab.map.effect.Associations;
import dev.demur.lab.map.effect.BackTranslation;
import dev.demur.lab.map.effect.Controlled;
import dev.demur.lab.map.effect.ControlledRow;
import dev.demur.lab.map.effect.Effect;
import dev.demur.lab.map.effect.Effects;
import dev.demur.lab.map.effect.OpeningTokens;
import dev.demur.lab.map.effect.OpeningTokens.Sample;
import dev.demur.lab.map.effect.Outcome;
import dev.demur.lab.map.geometry.Angle;
import dev.demur.lab.map.geometry.Angles;
import dev.demur.lab.map.geometry.Apart;
import dev.demur.lab.map.geometry.Clustering;
import dev.demur.lab.map.geometry.Layout;
import dev.demur.lab.map.geometry.Projections;
import dev.demur.lab.map.pairs.AskedSet;
import dev.demur.lab.map.pairs.AskedSet.Role;
import dev.demur.lab.map.pairs.MapData;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.pairs.Pair;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.map.reading.Matched;
import dev.demur.lab.map.reading.Matching;
import dev.demur.lab.map.reading.PlaceChoice;
import dev.demur.lab.map.reading.Placed;
import dev.demur.lab.map.reading.Reads;
import dev.demur.lab.map.reading.Side;
import dev.demur.lab.map.style.BroughtRefusals;
import dev.demur.lab.map.style.StyleRow;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Makes a map: takes the direction of every pair, compares all of them, and tries each on the
/// prompts of all others. What was asked is found again in the run folder.
///
/// ```java
/// var map = new DirectionMap(model, data, new Outcome.FirstToken(), MapConfig.usual());
/// try (var store = RunStore.at(folder)) {
///   var result = map.run(store, Progress.silent());
/// }
/// ```
///
/// @param model the model
/// @param data pairs and sets
/// @param outcome what is looked at
/// @param config how
/// @param styles who tells refusals whose style is looked at; empty leaves styles out
public record DirectionMap(
    ChatModel model, MapData data, Outcome outcome, MapConfig config, Optional<Judge> styles) {

  /// A map without styles.
  public DirectionMap(ChatModel model, MapData data, Outcome outcome, MapConfig config) {
    this(model, data, outcome, config, Optional.empty());
  }

  /// Makes the map.
  ///
  /// @throws IllegalArgumentException if a pair has too few prompts, its sides do not differ where
  ///   its direction is read, or no place can be chosen
  public MapResult run(RunStore store, Progress progress) throws IOException {
    try (var _ = Scope.open()) {
      var sides = Side.of(data.pairs(), config);
      var samples = OpeningTokens.samples(sides);
      var reads = Reads.of(model, prompts(sides), looked(samples), positions(), progress);
      var tokens = OpeningTokens.find(samples, reads);
      var identity = ModelIdentity.of(model);
      var placing = new Placing(model, identity, reads, tokens, outcome, config, store, progress);
      var places = placing.places(sides);
      var placed =
          IntStream.range(0, sides.size())
              .mapToObj(i -> Placed.of(sides.get(i), places.get(i), reads))
              .toList();
      var trying = new Effects(model, identity, outcome, tokens, config, store, progress);
      return new Found(reads, tokens, placed, new Tries(trying, store, progress)).result();
    }
  }

  /// What is needed to try directions.
  private record Tries(Effects effects, RunStore store, Progress progress) {}

  private static List<MapPrompt> prompts(List<Side> sides) {
    return sides.stream()
        .flatMap(
            side -> Stream.of(side.train(), side.trainContrast(), side.test(), side.testContrast()))
        .flatMap(List::stream)
        .toList();
  }

  private static List<MapPrompt> looked(Map<String, Sample> samples) {
    return samples.values().stream()
        .flatMap(sample -> Stream.of(sample.target(), sample.contrast()))
        .flatMap(List::stream)
        .toList();
  }

  /// Positions that are read: those behind the instruction where all prompts are presented by the
  /// template, else the last; and up to the one that is asked for.
  private int positions() {
    boolean chats = data.pairs().stream().allMatch(Pair::isOfChats);
    int behind = chats ? Math.max(1, model.prompts().eoiTokens().size()) : 1;
    return config.place() instanceof PlaceChoice.Fixed(var place)
        ? Math.max(behind, -place.position())
        : behind;
  }

  /// The numbers, once every direction is there.
  private final class Found {
    private final Reads reads;
    private final OpeningTokens tokens;
    private final List<Placed> placed;
    private final Tries tries;

    Found(Reads reads, OpeningTokens tokens, List<Placed> placed, Tries tries) {
      this.reads = reads;
      this.tokens = tokens;
      this.placed = placed;
      this.tries = tries;
    }

    MapResult result() throws IOException {
      var angles = new Angles(reads, placed, new Seeds(config.seed()));
      var cells = angles.cells();
      var cosines = cells.stream().map(Angle::cosine).toList();
      var names = placed.stream().map(Placed::name).toList();
      var matched = placed.stream().map(one -> Matched.of(model, one.side())).toList();
      var asked = asked();
      var controlled = controlled();
      var sets = new ArrayList<>(asked);
      controlled.ifPresent(set -> sets.addAll(set.sets()));
      var planned = new ArrayList<>(tries.effects().planned(placed));
      planned.addAll(tries.effects().scalings(scaled(matched)));
      var unedited = sets.isEmpty() ? Optional.<Answered>empty() : Optional.of(ask(sets));
      var effects =
          unedited.isEmpty()
              ? List.<Effect>of()
              : tries.effects().of(planned, sets, unedited.get());
      return new MapResult(
          model.name(),
          outcome.counted(),
          angles.pairs(),
          Clustering.order(cosines, names.size()),
          cells,
          Layout.of(names, cosines),
          apart(),
          openings(),
          IntStream.range(0, placed.size())
              .mapToObj(i -> matching(placed.get(i), matched.get(i)))
              .toList(),
          effects,
          controlled.map(set -> rows(set, planned, effects)).orElse(List.of()),
          new Associations(placed, cells, effects, new Seeds(config.seed())).of(asked, unedited),
          backTranslations(cells, effects),
          styles.isEmpty() ? List.of() : styles(styles.get()));
    }

    /// Every direction but the two themselves, on a pair and on its back-translation.
    private List<BackTranslation> backTranslations(List<Angle> cells, List<Effect> effects) {
      var rows = new ArrayList<BackTranslation>();
      data.backTranslated()
          .forEach(
              (pair, back) ->
                  placed.stream()
                      .map(Placed::name)
                      .filter(name -> !name.equals(pair) && !name.equals(back))
                      .forEach(
                          name ->
                              rows.add(
                                  new BackTranslation(
                                      name,
                                      pair,
                                      Angle.between(name, pair, cells).cosine(),
                                      Angle.between(name, back, cells).cosine(),
                                      Effect.changeByAblating(name, pair, effects),
                                      Effect.changeByAblating(name, back, effects)))));
      return rows;
    }

    private Answered ask(List<AskedSet> sets) throws IOException {
      return tries.effects().unedited(sets);
    }

    /// The sets of all pairs that ask something, and those given. Contrast sides that are the same
    /// are asked once.
    private List<AskedSet> asked() {
      var contrasts = new LinkedHashMap<List<MapPrompt>, List<String>>();
      var sets = new ArrayList<AskedSet>();
      for (var one : placed) {
        var side = one.side();
        if (!side.pair().isOfAnswers()) {
          sets.add(new AskedSet(side.name(), Role.TARGET, side.test()));
          contrasts.computeIfAbsent(side.testContrast(), _ -> new ArrayList<>()).add(side.name());
        }
      }
      contrasts.forEach(
          (prompts, names) ->
              sets.add(
                  new AskedSet(
                      contrasts.size() == 1 ? "contrast" : "contrast of " + names.getFirst(),
                      Role.CONTRAST,
                      prompts)));
      data.given().stream().map(this::shortened).forEach(sets::add);
      return outcome instanceof Outcome.Accuracy
          ? sets.stream()
              .filter(set -> set.prompts().stream().allMatch(p -> p.key().isPresent()))
              .toList()
          : sets;
    }

    private AskedSet shortened(AskedSet set) {
      return new AskedSet(
          set.name(),
          set.role(),
          set.prompts().subList(0, Math.min(config.test(), set.prompts().size())));
    }

    private Optional<Controlled> controlled() throws IOException {
      if (data.controlled().isEmpty()) {
        return Optional.empty();
      }
      var answered = ask(data.controlled());
      return Optional.of(Controlled.of(data.controlled(), answered, config.controlled()));
    }

    private List<ControlledRow> rows(
        Controlled set, List<Effects.Planned> planned, List<Effect> effects) {
      return Stream.concat(
              set.unedited().stream(),
              planned.stream().flatMap(plan -> set.row(plan.tried(), effects).stream()))
          .toList();
    }

    // ---- places ------------------------------------------------------------------------------

    private List<Apart> apart() {
      var apart = new ArrayList<Apart>();
      for (var one : placed) {
        var side = one.side();
        var grid = reads.grid(side.train(), side.trainContrast());
        for (var place : grid.candidates()) {
          if (!grid.isNoise(place)) {
            try (var _ = Scope.open()) {
              apart.add(Projections.apart(Placed.of(side, place, reads), reads));
            }
          }
        }
      }
      return apart;
    }

    /// The directions of all source layers, at the position where each pair's is read, and those of
    /// matched prompts.
    private List<Placed> scaled(List<Matched> matched) {
      var scaled = new ArrayList<Placed>();
      for (int layer : config.scalings().layers()) {
        if (layer < 0 || layer >= reads.layers()) {
          throw new IllegalArgumentException(
              model.name() + " has layers 0 to " + (reads.layers() - 1) + ", not " + layer);
        }
        for (int i = 0; i < placed.size(); i++) {
          var place = new Candidate(placed.get(i).place().position(), layer);
          scaled.add(Placed.of(placed.get(i).side(), place, reads));
          if (matched.get(i).isEnough()) {
            scaled.add(Placed.of(matched.get(i).named(), place, reads));
          }
        }
      }
      return scaled;
    }

    private Matching matching(Placed one, Matched matched) {
      return new Matching(
          one.name(),
          matched.targets().tokens(),
          matched.contrasts().tokens(),
          matched.targets().digits(),
          matched.contrasts().digits(),
          matched.side().train().size(),
          matched.isEnough()
              ? Optional.of(
                  one.direction().cosine(Placed.of(matched.side(), one.place(), reads).direction()))
              : Optional.empty());
    }

    private List<Opening> openings() {
      return tokens.byLanguage().entrySet().stream()
          .map(
              entry ->
                  new Opening(
                      entry.getKey(),
                      entry.getValue().ids().stream()
                          .map(id -> model.tokenizer().text(id))
                          .toList(),
                      entry.getValue().coverage(),
                      entry.getValue().origin()))
          .toList();
    }

    private List<StyleRow> styles(Judge judge) throws IOException {
      return new BroughtRefusals(model, judge, tries.effects(), reads, config)
          .rows(placed, tries.store(), tries.progress());
    }
  }
}
