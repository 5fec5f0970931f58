package dev.demur.lab.policy.fit;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Numbers;
import dev.demur.lab.policy.Operator;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.Rule;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Chooses directions to ablate together: each next is the one with which the refusal score of
/// validation prompts is lowest, while that falls.
///
/// @param all directions to choose from, `[n, d_model]`
/// @param like gives the place
/// @param judge compares
record ForwardChoice(Tensor all, Direction like, Comparison judge) {

  /// The choice.
  ///
  /// @param most directions to take
  Fitted of(int most) {
    int n = Math.toIntExact(all.dim(0));
    var taken = new ArrayList<Integer>();
    double lowest = Double.POSITIVE_INFINITY;
    while (taken.size() < Math.min(most, n)) {
      int added = -1;
      for (int i = 0; i < n; i++) {
        if (taken.contains(i)) {
          continue;
        }
        double score = judge.score(ablation(with(taken, i)));
        if (score < lowest) {
          lowest = score;
          added = i;
        }
      }
      if (added < 0) {
        break;
      }
      taken.add(added);
    }
    var chosen = judge.of(ablation(taken), like.source().layer());
    var facts = judge.facts(chosen);
    facts.put("clusters", n);
    facts.put("taken", taken.size());
    return new Fitted(chosen.policy(), facts);
  }

  private static List<Integer> with(List<Integer> taken, int next) {
    var more = new ArrayList<>(taken);
    more.add(next);
    return more;
  }

  private Policy ablation(List<Integer> taken) {
    var basis = Clusters.basis(Tensor.stack(taken.stream().map(all::row).toList()));
    var plane = new Ingredient.Subspace(new Numbers(basis), like.source(), like.position());
    return new Policy(List.of(Rule.of(new Operator.Scale("v", 0))), Map.of("v", plane));
  }
}
