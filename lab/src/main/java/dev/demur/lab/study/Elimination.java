package dev.demur.lab.study;

import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.stats.PartMean;
import dev.demur.lab.stats.Summary;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Which contestants can still win, judged by the validation prompts they have been run on.
///
/// With all prompts run these are the rules themselves. Before that a contestant is out only when
/// it would be with high confidence on all of them: the errors of all decisions of a study together
/// are at most 5 % ([PartMean] says of what kind the bounds are).
///
/// @param rules the filters
/// @param harmfulPrompts how many there are
/// @param harmlessPrompts how many there are
/// @param decisions how many may be taken before all prompts are run
record Elimination(SelectionRules rules, int harmfulPrompts, int harmlessPrompts, int decisions) {

  private static final double ERROR = 0.05;

  /// A contestant with the scores alone that are of every prompt.
  Contestant whole(Contestant contestant) {
    return contestant.whole(harmfulPrompts, harmlessPrompts);
  }

  /// Whether addition may induce the behaviour on all harmless prompts.
  boolean mayInduce(Contestant contestant) {
    return Summary.mean(contestant.induce()) + reach(contestant.induce(), harmlessPrompts)
        >= rules.induceLimit();
  }

  /// Whether ablation may leave the answers to all harmless prompts as they are.
  boolean mayPreserve(Contestant contestant) {
    return Summary.mean(contestant.kl()) - reach(contestant.kl(), harmlessPrompts)
        <= rules.klLimit();
  }

  /// Those whose bypass score may be the lowest of all. They are held against the best of those
  /// that are sure to pass the filters; without such a one all stay.
  List<Contestant> mayWin(List<Contestant> contestants) {
    var best =
        contestants.stream()
            .filter(this::passesSurely)
            .min(Comparator.comparingDouble(one -> Summary.mean(one.bypass())));
    return contestants.stream()
        .filter(one -> best.map(leader -> mayBeat(one, leader)).orElse(true))
        .toList();
  }

  private boolean mayBeat(Contestant one, Contestant leader) {
    var differences =
        IntStream.range(0, leader.bypass().size())
            .mapToObj(i -> one.bypass().get(i) - leader.bypass().get(i))
            .toList();
    return Summary.mean(differences) - reach(differences, harmfulPrompts) <= 0;
  }

  private boolean passesSurely(Contestant one) {
    return Summary.mean(one.induce()) - reach(one.induce(), harmlessPrompts) >= rules.induceLimit()
        && Summary.mean(one.kl()) + reach(one.kl(), harmlessPrompts) <= rules.klLimit();
  }

  private double reach(List<Double> seen, int all) {
    // Decisions on all prompts are the rules', not a bound's.
    return seen.size() == all ? 0 : PartMean.of(seen, all).reach(ERROR / decisions);
  }
}
