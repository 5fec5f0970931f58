package dev.demur.model.arch;

import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// One transformer block.
///
/// ```text
/// resid_mid  = resid_pre + attn_out     attn_out = m · norms.afterAttention(attention(norms.beforeAttention(resid_pre)))
/// resid_post = resid_mid + mlp_out      mlp_out  = m · norms.afterMlp(mlp(norms.beforeMlp(resid_mid)))
/// ```
///
/// In a parallel block the MLP reads resid_pre as well, and there is no resid_mid.
///
/// @param layer index, from 0
/// @param residualMultiplier m above; 1 in all families but Granite
public record Block(
    int layer,
    Norms norms,
    Attention attention,
    Mlp mlp,
    Wiring wiring,
    double residualMultiplier) {

  /// What the MLP reads.
  public enum Wiring {
    /// The stream with attention's output in it.
    SEQUENTIAL,
    /// What attention reads.
    PARALLEL
  }

  /// Where a block normalises; [Norm.Identity] where it does not.
  ///
  /// @param beforeAttention normalises what attention reads
  /// @param afterAttention normalises what attention writes
  /// @param beforeMlp normalises what the MLP reads
  /// @param afterMlp normalises what the MLP writes
  public record Norms(Norm beforeAttention, Norm afterAttention, Norm beforeMlp, Norm afterMlp) {

    /// Norms on what is read, as most families have them.
    public static Norms before(Norm attention, Norm mlp) {
      return new Norms(attention, new Norm.Identity(), mlp, new Norm.Identity());
    }

    /// Norms on what is written (OLMo-2).
    public static Norms after(Norm attention, Norm mlp) {
      return new Norms(new Norm.Identity(), attention, new Norm.Identity(), mlp);
    }
  }

  /// @param residPre `[tokens, d_model]`, float32
  /// @return resid_post, `[tokens, d_model]`, float32
  Tensor apply(Tensor residPre, Pass pass, PassTables tables) {
    return mixed(attended(residPre, pass, tables), pass);
  }

  /// resid_post of each sequence's last token alone; the MLP is not run for the others.
  ///
  /// @param residPre `[tokens, d_model]`, float32
  /// @return `[sequences, d_model]`, float32
  Tensor applyToLast(Tensor residPre, Pass pass, PassTables tables) {
    var attended = attended(residPre, pass, tables);
    var last = Tensor.ofIndices(pass.packing().lastRows());
    return mixed(
        new Attended(attended.read.rows(last), attended.attnOut.rows(last)), pass.ofLastRows());
  }

  /// What the second half of a block is given.
  ///
  /// @param read resid_pre after edits, `[tokens, d_model]`
  /// @param attnOut `[tokens, d_model]`
  private record Attended(Tensor read, Tensor attnOut) {}

  private Attended attended(Tensor residPre, Pass pass, PassTables tables) {
    var read = pass.at(layer, Site.RESID_PRE, residPre);
    var attnOut = attention.apply(layer, norms.beforeAttention.apply(read), pass, tables);
    return new Attended(
        read, pass.at(layer, Site.ATTN_OUT, written(attnOut, norms.afterAttention)));
  }

  private Tensor mixed(Attended attended, Pass pass) {
    var read = attended.read;
    var attnOut = attended.attnOut;
    var mid =
        switch (wiring) {
          case SEQUENTIAL -> pass.at(layer, Site.RESID_MID, read.plus(attnOut));
          case PARALLEL -> withoutMiddle(read, pass);
        };
    var mlpOut = mlp.apply(norms.beforeMlp.apply(mid));
    mlpOut = pass.at(layer, Site.MLP_OUT, written(mlpOut, norms.afterMlp));
    var residPost =
        switch (wiring) {
          case SEQUENTIAL -> mid.plus(mlpOut);
          case PARALLEL -> read.plus(attnOut).plus(mlpOut);
        };
    return pass.at(layer, Site.RESID_POST, residPost);
  }

  /// All its matrices; what is left are vectors.
  List<Matrix> matrices() {
    var all = new ArrayList<Matrix>();
    for (var linear : attention.matrices()) {
      all.add(linear.matrix());
    }
    for (var linear : mlp.matrices()) {
      all.add(linear.matrix());
    }
    return all;
  }

  /// Whether this block has such an activation.
  boolean has(Site site) {
    return wiring == Wiring.SEQUENTIAL || site != Site.RESID_MID;
  }

  /// The same block with other matrices where it writes to the stream.
  Block withWriters(WriterEdit edit) {
    return new Block(
        layer,
        norms,
        attention.withOutput(o -> edit.attention(layer, o, norms.afterAttention)),
        mlp.withOutput(down -> edit.mlp(layer, down, norms.afterMlp)),
        wiring,
        residualMultiplier);
  }

  private Tensor written(Tensor output, Norm after) {
    var normed = after.apply(output);
    return residualMultiplier == 1 ? normed : normed.times(residualMultiplier);
  }

  private Tensor withoutMiddle(Tensor read, Pass pass) {
    if (pass.touches(layer, Site.RESID_MID)) {
      throw new IllegalArgumentException(
          new HookPoint(layer, Site.RESID_MID)
              + " does not exist: attention and MLP of this model's blocks both read resid_pre;"
              + " use resid_pre or resid_post");
    }
    return read;
  }
}
