package dev.demur.model.arch.row;

import dev.demur.model.arch.Block;
import dev.demur.model.hook.Site;
import dev.demur.model.kernel.RowMath;

/// One block of one token on plain arrays; the same as [Block]'s.
///
/// @param block the block, for how its parts are wired
record RowBlock(
    Block block,
    RowNorm beforeAttention,
    RowNorm afterAttention,
    RowNorm beforeMlp,
    RowNorm afterMlp,
    RowMixer mixer,
    RowMlp mlp) {

  static RowBlock of(Block block) {
    var norms = block.norms();
    return new RowBlock(
        block,
        RowNorm.of(norms.beforeAttention()),
        RowNorm.of(norms.afterAttention()),
        RowNorm.of(norms.beforeMlp()),
        RowNorm.of(norms.afterMlp()),
        RowMixer.of(block.mixer()),
        RowMlp.of(block.mlp()));
  }

  /// @param residPre `[d_model]`, not changed
  /// @return resid_post, `[d_model]`
  float[] apply(float[] residPre, RowPass pass) {
    int layer = block.layer();
    float[] read = pass.at(layer, Site.RESID_PRE, residPre);
    float[] attended = mixer.apply(layer, beforeAttention.apply(read), pass);
    float[] attnOut = pass.at(layer, Site.ATTN_OUT, written(attended, afterAttention));
    float[] mid =
        switch (block.wiring()) {
          case SEQUENTIAL -> pass.at(layer, Site.RESID_MID, sum(read, attnOut));
          case PARALLEL -> read;
        };
    float[] fed = mlp.apply(beforeMlp.apply(mid));
    float[] mlpOut = pass.at(layer, Site.MLP_OUT, written(fed, afterMlp));
    float[] residPost =
        switch (block.wiring()) {
          case SEQUENTIAL -> sum(mid, mlpOut);
          case PARALLEL -> sum(sum(read, attnOut), mlpOut);
        };
    return pass.at(layer, Site.RESID_POST, residPost);
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
