package dev.demur.lab.direction;

import dev.demur.lab.Seeds;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.DirectionUncertainty.Choice;
import dev.demur.lab.direction.DirectionUncertainty.Contender;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.PairedScores;
import dev.demur.lab.stats.Significance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Chooses again and again among candidates whose scores are known prompt by prompt.
///
/// A candidate some of whose scores were not computed, because a filter had ruled it out already,
/// cannot win a resample; scoring the full grid lets all but noise take part.
///
/// @param candidates all of them, in the order that settles ties
/// @param rules the filters
/// @param layers number of layers of the model
/// @param seeds the run's seeds
public record ChoiceEstimate(
    List<ScoredCandidate> candidates, SelectionRules rules, int layers, Seeds seeds) {

  private static final int RESAMPLES = 1000;

  /// How the choice varies, and which candidates cannot be separated from the chosen one.
  ///
  /// @return empty where none was chosen, or there are fewer than two target prompts
  public Optional<Choice> choice() {
    var scores = candidates.stream().map(ScoredCandidate::scores).toList();
    return Selection.of(scores, rules)
        .chosen()
        .map(row -> candidates.get(scores.indexOf(row)))
        .filter(chosen -> chosen.bypass().size() > 1)
        .map(this::choice);
  }

  private Choice choice(ScoredCandidate chosen) {
    var able =
        candidates.stream()
            .filter(ScoredCandidate::isComplete)
            .filter(c -> c.scores().candidate().layer() < rules.firstPrunedLayer(layers))
            .toList();
    Map<Candidate, Integer> wins = new HashMap<>();
    int none = 0;
    for (var winner : winners(able, chosen)) {
      winner.ifPresent(candidate -> wins.merge(candidate, 1, Integer::sum));
      none += winner.isEmpty() ? 1 : 0;
    }
    var rivals =
        able.stream()
            .filter(c -> !isAt(c, chosen))
            .filter(c -> isEligible(c) || wins.containsKey(c.scores().candidate()))
            .sorted(Comparator.comparingDouble(c -> c.scores().bypass().orElseThrow()))
            .toList();
    return new Choice(RESAMPLES, none, contenders(chosen, rivals, wins));
  }

  private static boolean isAt(ScoredCandidate one, ScoredCandidate other) {
    return one.scores().candidate().equals(other.scores().candidate());
  }

  private static boolean isEligible(ScoredCandidate candidate) {
    return candidate.scores().verdict() == Verdict.ELIGIBLE;
  }

  // ---- resampling ------------------------------------------------------------------------------

  /// Means of one resample, by candidate.
  private record Means(List<Double> first, List<Double> second) {}

  private List<Optional<Candidate>> winners(List<ScoredCandidate> able, ScoredCandidate like) {
    var bypass =
        new Bootstrap(seeds, "bootstrap-choice-target", RESAMPLES)
            .each(
                places(like.bypass()),
                drawn -> able.stream().map(c -> mean(c.bypass(), drawn)).toList());
    var others =
        new Bootstrap(seeds, "bootstrap-choice-baseline", RESAMPLES)
            .each(
                places(like.induce()),
                drawn ->
                    new Means(
                        able.stream().map(c -> mean(c.induce(), drawn)).toList(),
                        able.stream().map(c -> mean(c.kl(), drawn)).toList()));
    return IntStream.range(0, RESAMPLES)
        .mapToObj(b -> winner(able, bypass.get(b), others.get(b).first(), others.get(b).second()))
        .toList();
  }

  private Optional<Candidate> winner(
      List<ScoredCandidate> able, List<Double> bypass, List<Double> induce, List<Double> kl) {
    return IntStream.range(0, able.size())
        .filter(i -> induce.get(i) >= rules.induceLimit() && kl.get(i) <= rules.klLimit())
        .boxed()
        .min(Comparator.comparingDouble(bypass::get))
        .map(i -> able.get(i).scores().candidate());
  }

  private static List<Integer> places(List<Double> scores) {
    return IntStream.range(0, scores.size()).boxed().toList();
  }

  private static double mean(List<Double> scores, List<Integer> drawn) {
    double sum = 0;
    for (int place : drawn) {
      sum += scores.get(place);
    }
    return sum / drawn.size();
  }

  // ---- pairwise --------------------------------------------------------------------------------

  private static List<Contender> contenders(
      ScoredCandidate chosen, List<ScoredCandidate> rivals, Map<Candidate, Integer> wins) {
    var pairs =
        rivals.stream().map(rival -> PairedScores.of(rival.bypass(), chosen.bypass())).toList();
    var adjusted = Significance.holm(pairs.stream().map(PairedScores::pValue).toList());
    var contenders = new ArrayList<Contender>();
    contenders.add(contender(chosen, PairedScores.of(chosen.bypass(), chosen.bypass()), 1, wins));
    for (int i = 0; i < rivals.size(); i++) {
      contenders.add(contender(rivals.get(i), pairs.get(i), adjusted.get(i), wins));
    }
    return contenders;
  }

  private static Contender contender(
      ScoredCandidate candidate, PairedScores pair, double adjusted, Map<Candidate, Integer> wins) {
    var place = candidate.scores().candidate();
    return new Contender(
        place,
        wins.getOrDefault(place, 0),
        pair.mean(),
        pair.interval(Interval.USUAL_LEVEL),
        pair.pValue(),
        adjusted);
  }
}
