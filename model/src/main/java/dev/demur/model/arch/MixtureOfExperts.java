package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// An MLP of which each token uses a few (Shazeer et al. 2017, arXiv 1701.06538; Mixtral, arXiv
/// 2401.04088): the weighted sum of the chosen experts, plus a shared one where there is one.
///
/// @param router scores of the experts, `[expert, d_model]`, float32
/// @param choice how scores become weights
/// @param experts the experts
/// @param shared an expert every token uses
public record MixtureOfExperts(
    Linear router, ExpertChoice choice, List<Mlp> experts, Optional<Shared> shared) implements Mlp {

  public MixtureOfExperts {
    experts = List.copyOf(experts);
    choice.require(experts.size());
  }

  /// An expert for every token.
  ///
  /// @param gate `[1, d_model]`, a score whose sigmoid is a factor on what it writes (Qwen2-MoE);
  ///   without one it is added as it is
  public record Shared(Mlp expert, Optional<Linear> gate) {

    /// One that is added as it is (DeepSeek).
    public static Shared plain(Mlp expert) {
      return new Shared(expert, Optional.empty());
    }

    private Tensor apply(Tensor x) {
      var written = expert.apply(x);
      return gate.map(g -> written.times(Neural.sigmoid(g.apply(x)))).orElse(written);
    }
  }

  /// How tokens meet their experts; the sums are the same but for their order.
  enum Routing {
    /// Each expert is run once, on the tokens that chose it. Asks the device which those are.
    GROUPED,
    /// Every expert is run on all tokens; those that did not choose it count with a weight of 0.
    BY_ALL
  }

  @Override
  public Optional<MixtureOfExperts> routed() {
    return Optional.of(this);
  }

  @Override
  public Tensor apply(Tensor x) {
    return apply(x, x);
  }

  /// @param rated what the router reads, `[tokens, d_model]`
  Tensor apply(Tensor x, Tensor rated) {
    boolean grouped = x.dim(0) >= DevicePolicy.of(x.device()).groupedFrom();
    return apply(x, rated, grouped ? Routing.GROUPED : Routing.BY_ALL);
  }

  Tensor apply(Tensor x, Tensor rated, Routing routing) {
    var scores = router.apply(rated);
    var chosen = choice.chosen(scores);
    var weights = choice.weights(scores, chosen);
    var routed =
        switch (routing) {
          case GROUPED -> routed(x, chosen.toLongs(), weights.reshape(-1, 1));
          case BY_ALL -> byAll(x, chosen, weights);
        };
    return shared.map(s -> routed.plus(s.apply(x))).orElse(routed);
  }

  @Override
  public MixtureOfExperts withOutput(OutputEdit edit, Norm after) {
    return new MixtureOfExperts(
        router,
        choice,
        experts.stream().map(expert -> expert.withOutput(edit, after)).toList(),
        shared.map(s -> new Shared(s.expert.withOutput(edit, after), s.gate)));
  }

  @Override
  public List<Linear> matrices() {
    var all = new ArrayList<Linear>();
    all.add(router);
    experts.forEach(expert -> all.addAll(expert.matrices()));
    shared.ifPresent(
        s -> {
          all.addAll(s.expert.matrices());
          s.gate.ifPresent(all::add);
        });
    return all;
  }

  /// @param weights `[tokens, perToken]`
  private Tensor byAll(Tensor x, Tensor chosen, Tensor weights) {
    var sum = Tensor.zeros(x.device(), DType.F32, x.dim(0), x.dim(1));
    for (int expert = 0; expert < experts.size(); expert++) {
      var weight = weights.times(chosen.isEqual(expert)).sum(1).reshape(-1, 1);
      switch (choice.weighed()) {
        case OUTPUT -> sum.addProductInPlace(experts.get(expert).apply(x), weight);
        case INPUT -> sum.addInPlace(experts.get(expert).apply(x.times(weight)));
      }
    }
    return sum;
  }

  /// Runs each expert once on all tokens that chose it and adds up per token.
  ///
  /// @param chosen expert of every use; use `u` belongs to token `u / perToken`
  /// @param weights of every use, `[tokens · perToken, 1]`
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
      outputs.add(experts.get(expert).apply(read(x, uses, weights)));
    }
    var written = Tensor.cat(outputs, 0).rows(Tensor.ofLongs(LongStream.of(rowOfUse)));
    var weighed =
        switch (choice.weighed()) {
          case OUTPUT -> written.times(weights);
          case INPUT -> written;
        };
    return weighed.reshape(x.dim(0), choice.perToken(), -1).sum(1);
  }

  /// What an expert reads, `[uses, d_model]`.
  private Tensor read(Tensor x, long[] uses, Tensor weights) {
    var rows = x.rows(Tensor.ofLongs(LongStream.of(uses).map(use -> use / choice.perToken())));
    return switch (choice.weighed()) {
      case OUTPUT -> rows;
      case INPUT -> rows.times(weights.rows(Tensor.ofLongs(LongStream.of(uses))));
    };
  }
}
