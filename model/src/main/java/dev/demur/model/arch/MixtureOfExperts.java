package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/// An MLP of which each token uses a few (Shazeer et al. 2017, arXiv 1701.06538; Mixtral, arXiv
/// 2401.04088): the weighted sum of the chosen experts, plus a shared one where there is one.
///
/// @param router scores of the experts, `[expert, d_model]`, float32
/// @param choice how scores become weights
/// @param experts the experts
/// @param shared an expert every token uses
public record MixtureOfExperts(
    Linear router, Choice choice, List<Mlp> experts, Optional<Shared> shared) implements Mlp {

  public MixtureOfExperts {
    experts = List.copyOf(experts);
    if (choice.perToken > experts.size()) {
      throw new IllegalArgumentException(
          choice.perToken + " experts per token of " + experts.size());
    }
  }

  /// How scores become weights.
  ///
  /// @param perToken experts a token uses
  /// @param weights what the softmax is taken over
  public record Choice(int perToken, Weights weights) {}

  /// What the softmax of the scores is taken over.
  public enum Weights {
    /// All experts, so that the weights of the chosen ones sum to less than 1.
    OF_ALL,
    /// The chosen experts.
    OF_CHOSEN
  }

  /// An expert for every token, times the sigmoid of a score of its own.
  ///
  /// @param gate `[1, d_model]`
  public record Shared(Mlp expert, Linear gate) {}

  /// How tokens meet their experts; the sums are the same but for their order.
  enum Routing {
    /// Each expert is run once, on the tokens that chose it. Asks the device which those are.
    GROUPED,
    /// Every expert is run on all tokens; those that did not choose it count with a weight of 0.
    BY_ALL
  }

  @Override
  public Tensor apply(Tensor x) {
    boolean grouped = x.dim(0) >= DevicePolicy.of(x.device()).groupedFrom();
    return apply(x, grouped ? Routing.GROUPED : Routing.BY_ALL);
  }

  Tensor apply(Tensor x, Routing routing) {
    var scores = router.apply(x);
    var chosen = scores.topIndices(choice.perToken);
    var weights = weights(scores, chosen);
    var routed =
        switch (routing) {
          case GROUPED -> routed(x, chosen.toLongs(), weights);
          case BY_ALL -> byAll(x, chosen, weights);
        };
    return shared
        .map(s -> routed.plus(s.expert.apply(x).times(Neural.sigmoid(s.gate.apply(x)))))
        .orElse(routed);
  }

  @Override
  public Mlp withOutput(UnaryOperator<Linear> edit) {
    return new MixtureOfExperts(
        router,
        choice,
        experts.stream().map(expert -> expert.withOutput(edit)).toList(),
        shared.map(s -> new Shared(s.expert.withOutput(edit), s.gate)));
  }

  @Override
  public List<Linear> matrices() {
    var all = new ArrayList<Linear>();
    all.add(router);
    experts.forEach(expert -> all.addAll(expert.matrices()));
    shared.ifPresent(
        s -> {
          all.addAll(s.expert.matrices());
          all.add(s.gate);
        });
    return all;
  }

  /// Weights of the chosen experts, `[tokens · perToken, 1]`.
  private Tensor weights(Tensor scores, Tensor chosen) {
    long tokens = scores.dim(0);
    long all = scores.dim(1);
    var firsts = Tensor.ofLongs(LongStream.range(0, tokens).map(token -> token * all));
    var places = chosen.plus(firsts.reshape(tokens, 1)).reshape(-1);
    return switch (choice.weights) {
      case OF_ALL -> scores.softmax().reshape(-1).rows(places).reshape(-1, 1);
      case OF_CHOSEN ->
          scores.reshape(-1).rows(places).reshape(tokens, choice.perToken).softmax().reshape(-1, 1);
    };
  }

  private Tensor byAll(Tensor x, Tensor chosen, Tensor weights) {
    var own = weights.reshape(chosen.dim(0), choice.perToken);
    var sum = Tensor.zeros(x.device(), DType.F32, x.dim(0), x.dim(1));
    for (int expert = 0; expert < experts.size(); expert++) {
      var weight = own.times(chosen.isEqual(expert)).sum(1).reshape(-1, 1);
      sum.addProductInPlace(experts.get(expert).apply(x), weight);
    }
    return sum;
  }

  /// Runs each expert once on all tokens that chose it and adds up per token.
  ///
  /// @param chosen expert of every use; use `u` belongs to token `u / perToken`
  private Tensor routed(Tensor x, long[] chosen, Tensor weights) {
    var outputs = new ArrayList<Tensor>();
    long[] rowOfUse = new long[chosen.length];
    int row = 0;
    for (int expert = 0; expert < experts.size(); expert++) {
      int current = expert;
      long[] uses =
          LongStream.range(0, chosen.length)
              .filter(use -> chosen[Math.toIntExact(use)] == current)
              .toArray();
      if (uses.length == 0) {
        continue;
      }
      for (long use : uses) {
        rowOfUse[Math.toIntExact(use)] = row++;
      }
      var tokens = Tensor.ofLongs(LongStream.of(uses).map(use -> use / choice.perToken));
      outputs.add(experts.get(expert).apply(x.rows(tokens)));
    }
    return Tensor.cat(outputs, 0)
        .rows(Tensor.ofLongs(LongStream.of(rowOfUse)))
        .times(weights)
        .reshape(x.dim(0), choice.perToken, -1)
        .sum(1);
  }
}
