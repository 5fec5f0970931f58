package dev.demur.model.arch.row;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Ending;
import dev.demur.model.hook.Site;
import dev.demur.model.kernel.RowMath;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.Optional;

/// One block of some sequences' tokens on plain arrays; the same as [Block]'s.
///
/// @param block the block, for how its parts are wired
record RowBlock(
    Block block,
    RowNorm beforeAttention,
    RowNorm afterAttention,
    RowNorm beforeMlp,
    RowNorm afterMlp,
    RowMixer mixer,
    RowMlp mlp,
    Optional<RowInput> input) {

  /// What the block makes of its own input and of the stream, `[row, d_model]` (see [Ending.Own]).
  @FunctionalInterface
  private interface RowInput {
    float[] apply(float[] resid, Tensor input);
  }

  static RowBlock of(Block block) {
    var norms = block.norms();
    return new RowBlock(
        block,
        RowNorm.of(norms.beforeAttention()),
        RowNorm.of(norms.afterAttention()),
        RowNorm.of(norms.beforeMlp()),
        RowNorm.of(norms.afterMlp()),
        RowMixer.of(block.mixer()),
        RowMlp.of(block.mlp()),
        block.ending().own().map(RowBlock::input));
  }

  private static RowInput input(Ending.Own own) {
    return (resid, input) -> {
      try (var _ = Scope.open()) {
        long rows = input.dim(0);
        return own.apply(Tensor.of(resid, rows, resid.length / rows), input).toFloats();
      }
    };
  }

  /// @param residPre `[row, d_model]`, not changed
  /// @return resid_post, `[row, d_model]`
  /// @param inputs of all layers, `[row, layer, width]`, where the model has them
  float[] apply(float[] residPre, RowPass pass, Optional<Tensor> inputs) {
    int layer = block.layer();
    float[] read = pass.at(layer, Site.RESID_PRE, residPre);
    float[] attended = mixer.apply(layer, beforeAttention.apply(read), pass);
    float[] attnOut = pass.at(layer, Site.ATTN_OUT, written(attended, afterAttention));
    float[] mid =
        switch (block.wiring()) {
          case SEQUENTIAL -> pass.at(layer, Site.RESID_MID, sum(read, attnOut));
          case PARALLEL -> read;
        };
    float[] fed = mlp.apply(beforeMlp.apply(mid), pass.rows());
    float[] before =
        switch (block.wiring()) {
          case SEQUENTIAL -> mid;
          case PARALLEL -> sum(read, attnOut);
        };
    float[] byMlp = written(fed, afterMlp);
    float[] all = input.map(own -> withOwn(own, before, byMlp, inputs)).orElse(byMlp);
    float[] residPost = sum(before, pass.at(layer, Site.MLP_OUT, all));
    if (block.ending().scale() != 1) {
      RowMath.scale(residPost, (float) block.ending().scale());
    }
    return pass.at(layer, Site.RESID_POST, residPost);
  }

  private float[] withOwn(RowInput own, float[] before, float[] byMlp, Optional<Tensor> inputs) {
    var all = inputs.orElseThrow();
    var one = all.narrow(1, block.layer(), 1).reshape(all.dim(0), -1);
    return sum(byMlp, own.apply(sum(before, byMlp), one));
  }

  private float[] written(float[] output, RowNorm after) {
    float[] normed = after.apply(output);
    if (block.residualMultiplier() != 1) {
      RowMath.scale(normed, (float) block.residualMultiplier());
    }
    return normed;
  }

  private static float[] sum(float[] x, float[] y) {
    float[] sum = x.clone();
    RowMath.add(sum, y);
    return sum;
  }
}
