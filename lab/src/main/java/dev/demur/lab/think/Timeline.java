package dev.demur.lab.think;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Policy;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Where the model's own thoughts turn along a direction: x·r̂ at every token of a thought, read in
/// one unedited pass over prompt and thought.
///
/// @param middle halfway between the mean projections at the last token of harmful and of benign
///   thoughts, stream units: the side of it says which way a thought leans
/// @param harmful tracks of thoughts about harmful prompts
/// @param benign tracks of thoughts about benign prompts
public record Timeline(double middle, List<Track> harmful, List<Track> benign) {

  public Timeline {
    harmful = List.copyOf(harmful);
    benign = List.copyOf(benign);
  }

  /// One thought.
  ///
  /// @param projections x·r̂ at each token, stream units
  /// @param refused whether the plain model refuses behind it
  public record Track(List<Double> projections, boolean refused) {

    public Track {
      projections = List.copyOf(projections);
    }

    /// The token from which on the thought stays on one side of the middle, from 0.
    public int commits(double middle) {
      boolean last = isAbove(projections.size() - 1, middle);
      int at = projections.size() - 1;
      while (at > 0 && isAbove(at - 1, middle) == last) {
        at--;
      }
      return at;
    }

    /// Whether the thought ends on the harmful side.
    public boolean endsAbove(double middle) {
      return isAbove(projections.size() - 1, middle);
    }

    private boolean isAbove(int at, double middle) {
      return projections.get(at) > middle;
    }

    double last() {
      return projections.getLast();
    }
  }

  static Optional<Timeline> of(List<Track> harmful, List<Track> benign) {
    if (harmful.isEmpty() || benign.isEmpty()) {
      return Optional.empty();
    }
    double middle = (meanOfLast(harmful) + meanOfLast(benign)) / 2;
    return Optional.of(new Timeline(middle, harmful, benign));
  }

  private static double meanOfLast(List<Track> tracks) {
    return tracks.stream().mapToDouble(Track::last).average().orElseThrow();
  }

  /// The direction a policy is about: that of its first rule which has one.
  static Optional<Direction> directionOf(Policy policy) {
    return policy.rules().stream()
        .map(rule -> policy.ingredients().get(rule.operator().name()))
        .flatMap(
            ingredient ->
                switch (ingredient) {
                  case Ingredient.Line(var direction) -> Optional.of(direction).stream();
                  case Ingredient.Centred(var direction, _) -> Optional.of(direction).stream();
                  case Ingredient.Subspace _, Ingredient.LinearMap _, Ingredient.Detector _ ->
                      Optional.<Direction>empty().stream();
                })
        .findFirst();
  }

  /// Reads tracks.
  ///
  /// @param model the model
  /// @param direction what its stream is projected on, where the direction was read
  record Reader(ChatModel model, Direction direction) {

    private static final int TOGETHER = 32;

    /// The tracks of closed thoughts.
    List<Track> read(List<TokenIds> prompts, List<Thought> thoughts, List<Boolean> refused) {
      var closed =
          IntStream.range(0, prompts.size())
              .filter(i -> thoughts.get(i).isClosed())
              .boxed()
              .toList();
      var tracks = new ArrayList<Track>();
      for (int from = 0; from < closed.size(); from += TOGETHER) {
        var group = closed.subList(from, Math.min(closed.size(), from + TOGETHER));
        try (var _ = Scope.open()) {
          tracks.addAll(tracks(group, prompts, thoughts, refused));
        }
      }
      return tracks;
    }

    private List<Track> tracks(
        List<Integer> group,
        List<TokenIds> prompts,
        List<Thought> thoughts,
        List<Boolean> refused) {
      int longest =
          group.stream().mapToInt(i -> thoughts.get(i).tokens().size()).max().orElseThrow();
      var source = direction.source();
      var capture =
          Capture.at(Site.RESID_PRE).layer(source.layer()).positions(-longest, -1).withoutLogits();
      var whole = group.stream().map(i -> prompts.get(i).plus(thoughts.get(i).tokens())).toList();
      var tracks = new ArrayList<Track>();
      try (var found = model.forward().run(whole, capture, HookPlan.none())) {
        for (int j = 0; j < group.size(); j++) {
          double[] along = found.get(source, j).dotRows(direction.unit()).toDoubles();
          int length = thoughts.get(group.get(j)).tokens().size();
          var own = new ArrayList<Double>();
          for (int k = along.length - length; k < along.length; k++) {
            own.add(along[k]);
          }
          tracks.add(new Track(own, refused.get(group.get(j))));
        }
      }
      return tracks;
    }
  }
}
