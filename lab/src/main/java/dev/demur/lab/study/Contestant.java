package dev.demur.lab.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.stats.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A candidate with the scores it has so far, one a prompt.
///
/// @param candidate which
/// @param induce of the harmless prompts run, nats
/// @param kl of the harmless prompts run, nats
/// @param bypass of the harmful prompts run, nats
record Contestant(Candidate candidate, List<Double> induce, List<Double> kl, List<Double> bypass) {

  Contestant {
    induce = List.copyOf(induce);
    kl = List.copyOf(kl);
    bypass = List.copyOf(bypass);
  }

  /// One of which nothing is known.
  static Contestant of(Candidate candidate) {
    return new Contestant(candidate, List.of(), List.of(), List.of());
  }

  /// One with the scores that were kept of it.
  static Contestant of(ScoredCandidate row) {
    return new Contestant(row.scores().candidate(), row.induce(), row.kl(), row.bypass());
  }

  Contestant withInduce(List<Double> more) {
    return new Contestant(candidate, joined(induce, more), kl, bypass);
  }

  Contestant withKl(List<Double> more) {
    return new Contestant(candidate, induce, joined(kl, more), bypass);
  }

  Contestant withBypass(List<Double> more) {
    return new Contestant(candidate, induce, kl, joined(bypass, more));
  }

  /// Whether every score is a number.
  boolean isFinite() {
    return Stream.of(induce, kl, bypass).flatMap(List::stream).allMatch(Double::isFinite);
  }

  /// With the scores alone that are of every prompt: means over different prompts are not to stand
  /// side by side.
  Contestant whole(int harmfulPrompts, int harmlessPrompts) {
    return new Contestant(
        candidate,
        allOrNone(induce, harmlessPrompts),
        allOrNone(kl, harmlessPrompts),
        allOrNone(bypass, harmfulPrompts));
  }

  private static List<Double> allOrNone(List<Double> scores, int prompts) {
    return scores.size() == prompts ? scores : List.of();
  }

  /// Mean of scores, where there are any.
  static Optional<Double> mean(List<Double> scores) {
    return scores.isEmpty() ? Optional.empty() : Optional.of(Summary.mean(scores));
  }

  private static List<Double> joined(List<Double> first, List<Double> second) {
    var both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }
}
