package dev.demur.model.arch.row;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.kernel.RowProducts;
import dev.demur.model.kernel.StoredAs;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Sequences that write one token after the other, and such as are read beside them: all blocks on
/// plain arrays, so that nothing lies between the products that read the weights, once for all
/// tokens. What has no kernel is left to libtorch, part by part.
///
/// Results equal those of [Transformer#stream] up to rounding: here a row is never rounded to
/// bfloat16 before a product, nor the product after it.
public final class TokenStep {

  /// Places that exist as tensors only, in `dev.demur.model.arch`.
  private static final Set<Site> UNSEEN =
      Set.of(Site.PATTERN, Site.PATTERN_LAST, Site.ATTN_SCORES, Site.Q, Site.K, Site.MLP_POST);

  private final Transformer transformer;
  private final List<RowBlock> blocks;
  private final int most;

  private TokenStep(Transformer transformer) {
    this.transformer = transformer;
    this.most = most(transformer);
    this.blocks = transformer.blocks().stream().map(RowBlock::of).toList();
  }

  /// Tokens at once: as many as kernels take, where all blocks have kernels.
  private static int most(Transformer transformer) {
    boolean all =
        transformer.blocks().stream()
            .map(Block::matrices)
            .flatMap(List::stream)
            .allMatch(matrix -> matrix.forRows().isPresent());
    return all ? RowProducts.MOST_VECTORS : 1;
  }

  /// Prepares a model's blocks; empty where there are no kernels (see [RowProducts#available]).
  ///
  /// @param plan what all passes read and edit; empty also when it names a place that only tensors
  ///   have
  public static Optional<TokenStep> of(Transformer transformer, HookPlan plan) {
    return sees(plan) ? of(transformer) : Optional.empty();
  }

  /// Prepares a model's blocks for passes whose plans it [#sees]; empty where there are no kernels
  /// (see [RowProducts#available]).
  public static Optional<TokenStep> of(Transformer transformer) {
    return RowProducts.available(StoredAs.BF16) && transformer.holding().placement().isHost()
        ? Optional.of(new TokenStep(transformer))
        : Optional.empty();
  }

  /// Whether all places of a plan exist here: some only tensors have.
  public static boolean sees(HookPlan plan) {
    return plan.points().stream().map(HookPoint::site).noneMatch(UNSEEN::contains);
  }

  /// How many tokens a pass may have that runs here.
  public int most() {
    return most;
  }

  /// Whether a pass has no more tokens than are fast, and a plan whose places exist here.
  public boolean suits(Pass pass) {
    return pass.rows().tokens() <= most && sees(pass.plan());
  }

  /// Runs a pass of sequences that a cache holds; the cache then holds the tokens.
  ///
  /// @param embedded what enters block 0, `[token, d_model]`
  /// @param pass its past slots of a cache
  /// @return stream leaving the last block, `[token, d_model]`
  /// @throws IllegalArgumentException if the pass is any other
  public Tensor stream(Tensor embedded, Pass pass) {
    if (!(pass.past() instanceof Past.Slots(var cache, var slots))) {
      throw new IllegalArgumentException("a step appends to slots of a cache, was " + pass);
    }
    transformer.require(pass);
    var row = new RowPass(pass, cache, slots);
    float[] resid = embedded.toFloats();
    var inputs = transformer.inputs(pass);
    for (var block : blocks) {
      int layer = block.block().layer();
      transformer.streaming().ifPresent(s -> s.before(layer));
      resid = block.apply(resid, row, inputs);
      transformer.streaming().ifPresent(s -> s.after(layer));
    }
    pass.past().advance(pass.rows());
    return Tensor.of(resid, row.rows(), resid.length / row.rows());
  }
}
