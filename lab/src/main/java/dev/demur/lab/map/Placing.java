package dev.demur.lab.map;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.map.effect.Asking;
import dev.demur.lab.map.effect.OpeningTokens;
import dev.demur.lab.map.effect.Outcome;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.map.reading.PlaceChoice.Fixed;
import dev.demur.lab.map.reading.PlaceChoice.Reach;
import dev.demur.lab.map.reading.PlaceChoice.Rule;
import dev.demur.lab.map.reading.PlaceChoice.Selected;
import dev.demur.lab.map.reading.Reads;
import dev.demur.lab.map.reading.Side;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Stage;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.stats.Summary;
import dev.demur.lab.steer.Cosmic;
import dev.demur.lab.study.PlaceSelection;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds where the direction of each pair is read. Choices rest on validation prompts, which are
/// neither part of a direction nor asked afterwards.
///
/// @param model the model
/// @param identity what of it decides the numbers
/// @param reads the stream
/// @param tokens that open refusals
/// @param outcome what a choice by outcome looks at
/// @param config the rule
/// @param store remembers scores
/// @param progress receives them
public record Placing(
    ChatModel model,
    ModelIdentity identity,
    Reads reads,
    OpeningTokens tokens,
    Outcome outcome,
    MapConfig config,
    RunStore store,
    Progress progress) {

  /// The place of every pair, in their order.
  ///
  /// @throws IllegalArgumentException if the model has no such place, or no candidate can be chosen
  List<Candidate> places(List<Side> sides) throws IOException {
    return switch (config.place()) {
      case Fixed(var place) -> {
        requireThere(place);
        yield sides.stream().map(_ -> place).toList();
      }
      case Selected(var rule, var reach) -> {
        var chosen = new ArrayList<Candidate>();
        for (var side : sides) {
          chosen.add(
              reach == Reach.FIRST && !chosen.isEmpty() ? chosen.getFirst() : chosen(rule, side));
        }
        yield chosen;
      }
    };
  }

  private void requireThere(Candidate place) {
    if (place.layer() >= reads.layers() || -place.position() > reads.positions()) {
      throw new IllegalArgumentException(
          model.name()
              + " has layers 0 to "
              + (reads.layers() - 1)
              + "; layer "
              + place.layer()
              + " is none of them");
    }
  }

  private Candidate chosen(Rule rule, Side prompts) throws IOException {
    String whose = "pair " + prompts.name();
    if (prompts.validation().isEmpty() || prompts.validationContrast().isEmpty()) {
      throw new IllegalArgumentException(
          whose + ": no prompts are left to choose a place; give more, or name the place");
    }
    var grid = reads.grid(prompts.train(), prompts.trainContrast());
    var found =
        switch (rule) {
          case BYPASS -> byBypass(grid, prompts);
          case COSMIC -> scored("map-cosmic", grid, prompts, cosmic(grid, prompts));
          case OUTCOME -> scored("map-outcome", grid, prompts, byOutcome(grid, prompts));
        };
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                whose
                    + ": by the rule "
                    + rule.text()
                    + " no place can be chosen; name one, or take another rule"));
  }

  private Optional<Candidate> byBypass(CandidateGrid grid, Side prompts) throws IOException {
    var ids = tokens.of(prompts.pair().language());
    return new PlaceSelection(model, config.rules(), ids, store, progress)
        .of(grid, ids(prompts.validation()), ids(prompts.validationContrast()), inputs(prompts))
        .chosen()
        .map(scores -> scores.candidate());
  }

  private List<Object> inputs(Side prompts) {
    return List.of(
        identity,
        prompts.train(),
        prompts.trainContrast(),
        prompts.validation(),
        prompts.validationContrast());
  }

  private List<TokenIds> ids(List<MapPrompt> prompts) {
    return prompts.stream().map(prompt -> prompt.tokens(model)).toList();
  }

  /// Gives a candidate its score; higher is better.
  private interface Scoring {
    double of(Candidate candidate) throws IOException;
  }

  /// Scores of all candidates, in their order; NaN where one cannot be chosen.
  record Scores(List<Double> values) {
    Scores {
      values = List.copyOf(values);
    }
  }

  private Optional<Candidate> scored(
      String stage, CandidateGrid grid, Side prompts, Scoring scoring) throws IOException {
    int first = config.rules().firstPrunedLayer(reads.layers());
    var scores =
        store.get(
            new Stage.OfValue<>(
                stage,
                List.of(inputs(prompts), config.rules(), outcome.identity()),
                Scores.class,
                running -> {
                  var values = new ArrayList<Double>();
                  try (var task = running.start("choose a place", grid.candidates().size())) {
                    for (var candidate : grid.candidates()) {
                      boolean able = !grid.isNoise(candidate) && candidate.layer() < first;
                      values.add(able ? scoring.of(candidate) : Double.NaN);
                      task.advance(1);
                    }
                  }
                  return new Scores(values);
                }),
            progress);
    Optional<Candidate> best = Optional.empty();
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.values().size(); i++) {
      if (scores.values().get(i) > highest) {
        highest = scores.values().get(i);
        best = Optional.of(grid.candidates().get(i));
      }
    }
    return best;
  }

  /// COSMIC's score, where ablation costs no more KL than a place may.
  private Scoring cosmic(CandidateGrid grid, Side prompts) {
    var forward = model.forward();
    var contrast = ids(prompts.validationContrast());
    var cosmic =
        new Cosmic(
            forward,
            ids(prompts.validation()),
            contrast,
            Cosmic.layers(reads.last(prompts.train()), reads.last(prompts.trainContrast())));
    var unedited = forward.lastLogits(contrast, HookPlan.none());
    return candidate -> {
      try (var _ = Scope.open()) {
        var direction = grid.direction(candidate);
        var ablation = Policy.ablation(direction).plan(reads.layers());
        var kl = KlDivergence.of(unedited, forward.lastLogits(contrast, ablation));
        return Summary.mean(kl) <= config.rules().klLimit() ? cosmic.of(direction) : Double.NaN;
      }
    };
  }

  private Scoring byOutcome(CandidateGrid grid, Side prompts) throws IOException {
    double before = mean(Policy.none(), prompts.validation());
    return candidate ->
        Math.abs(mean(Policy.ablation(grid.direction(candidate)), prompts.validation()) - before);
  }

  /// Mean score, or the share that counts where there is none.
  private double mean(Policy policy, List<MapPrompt> prompts) throws IOException {
    var asking =
        new Asking(model, identity, "choose", policy, prompts, outcome, tokens, config.writing());
    return store.get(asking, Progress.silent()).stream()
        .mapToDouble(row -> row.score().orElse(row.counts().orElse(false) ? 1.0 : 0.0))
        .average()
        .orElse(0);
  }
}
