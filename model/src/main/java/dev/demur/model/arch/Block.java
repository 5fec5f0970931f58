package dev.demur.model.arch;

import dev.demur.model.hook.Along;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Meter;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One transformer block.
///
/// ```text
/// resid_mid  = resid_pre + attn_out     attn_out = m · norms.afterAttention(mixer(norms.beforeAttention(resid_pre)))
/// resid_post = resid_mid + mlp_out      mlp_out  = m · norms.afterMlp(mlp(norms.beforeMlp(resid_mid)))
/// ```
///
/// In Gemma 4 the block's own input adds to mlp_out, and the sum is scaled (see [Ending]).
///
/// The mixer is attention in most families; what it writes is called attn_out whatever it is.
///
/// In a parallel block the MLP reads resid_pre as well, and there is no resid_mid.
///
/// @param layer index, from 0
/// @param residualMultiplier m above; 1 in all families but Granite
/// @param ending what is done behind the MLP; nothing in all families but Gemma 4
public record Block(
    int layer,
    Norms norms,
    Mixer mixer,
    Mlp mlp,
    Wiring wiring,
    double residualMultiplier,
    Ending ending) {

  /// A block that ends with its MLP.
  public Block(
      int layer, Norms norms, Mixer mixer, Mlp mlp, Wiring wiring, double residualMultiplier) {
    this(layer, norms, mixer, mlp, wiring, residualMultiplier, Ending.none());
  }

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

  /// Which rows a block hands on.
  enum Leaving {
    EVERY_ROW,
    /// Each sequence's last row; the MLP is not run for the others.
    LAST_ROWS
  }

  /// @param residPre `[tokens, d_model]`, float32
  /// @return resid_post, `[tokens, d_model]` or, of last rows, `[sequences, d_model]`, float32
  Tensor apply(Tensor residPre, Pass pass, PassTables tables, Leaving leaving) {
    var read = pass.at(layer, Site.RESID_PRE, residPre); // [tokens, d_model], as all below
    Part.NORM.begins();
    var attended = mixed(norms.beforeAttention.apply(read), pass, tables);
    Part.RESIDUAL.begins();
    var attnOut = written(Site.ATTN_OUT, attended, norms.afterAttention, pass);
    var input = ending.own().map(_ -> tables.input(layer));
    if (leaving == Leaving.LAST_ROWS) {
      var last = Tensor.ofIndices(pass.rows().lastRows());
      read = read.rows(last);
      attnOut = attnOut.rows(last);
      input = input.map(all -> all.rows(last));
    }
    var rows = leaving == Leaving.LAST_ROWS ? pass.ofLastRows() : pass;
    var both = sum(read, attnOut, Site.ATTN_OUT, rows);
    var mid = wiring == Wiring.SEQUENTIAL ? rows.at(layer, Site.RESID_MID, both) : read;
    Part.NORM.begins();
    var fed = mlp(norms.beforeMlp.apply(mid), rows);
    Part.RESIDUAL.begins();
    var before = wiring == Wiring.SEQUENTIAL ? mid : both;
    var sum =
        input.isPresent()
            ? before.plus(withOwn(before, fed, input.get(), rows))
            : sum(before, written(Site.MLP_OUT, fed, norms.afterMlp, rows), Site.MLP_OUT, rows);
    return rows.at(layer, Site.RESID_POST, ending.scale() == 1 ? sum : sum.times(ending.scale()));
  }

  /// What the MLP and, behind it, the block's own input add to the stream.
  private Tensor withOwn(Tensor before, Tensor fed, Tensor input, Pass rows) {
    var byMlp = norms.afterMlp.apply(fed.to(DType.F32)).times(residualMultiplier);
    var byInput = ending.own().orElseThrow().apply(before.plus(byMlp), input);
    return rows.at(layer, Site.MLP_OUT, byMlp.plus(byInput));
  }

  private Tensor mixed(Tensor x, Pass pass, PassTables tables) {
    return switch (mixer) {
      case Attention attention -> attention.apply(layer, x, pass, tables);
      case Beside both -> {
        Part.OTHER_LAYERS.begins();
        yield both.apply(layer, x, pass, tables);
      }
      case Recurrent recurrent -> {
        Part.OTHER_LAYERS.begins();
        yield recurrent.apply(layer, x, pass);
      }
    };
  }

  private Tensor mlp(Tensor x, Pass pass) {
    return switch (mlp) {
      case Mlp.Dense dense -> {
        Part.UP.begins();
        var neurons = pass.in32(layer, Site.MLP_POST, dense.neurons(x));
        Part.DOWN.begins();
        yield dense.down().between(neurons);
      }
      case MixtureOfExperts experts -> {
        Part.OTHER_LAYERS.begins();
        yield experts.apply(x);
      }
      case DenseAndExperts both -> {
        Part.OTHER_LAYERS.begins();
        yield both.apply(x);
      }
    };
  }

  /// What a half of the block adds to the stream, float32 where anything is done to it but what
  /// [#sum] does.
  private Tensor written(Site site, Tensor output, Norm after, Pass pass) {
    var added = output;
    if (!(after instanceof Norm.Identity) || residualMultiplier != 1) {
      var normalised = after.apply(output.to(DType.F32));
      added = residualMultiplier == 1 ? normalised : normalised.times(residualMultiplier);
    }
    return scaling(site, pass).isPresent() ? added : pass.in32(layer, site, added);
  }

  /// The stream with what a half of the block writes.
  private Tensor sum(Tensor stream, Tensor written, Site site, Pass pass) {
    var sum = stream.plus(written);
    return scaling(site, pass)
        .map(along -> Meter.within(Part.HOOKS, () -> along.inSum(sum, written)))
        .orElse(sum);
  }

  private Optional<Along> scaling(Site site, Pass pass) {
    return pass.plan().onlyScaling(new HookPoint(layer, site));
  }

  /// Where it runs.
  Device device() {
    return mixer.device();
  }

  /// All its matrices; what is left are vectors.
  public List<Matrix> matrices() {
    var all = new ArrayList<Matrix>();
    for (var linear : mixer.matrices()) {
      all.add(linear.matrix());
    }
    for (var linear : mlp.matrices()) {
      all.add(linear.matrix());
    }
    for (var linear : ending.matrices()) {
      all.add(linear.matrix());
    }
    return all;
  }

  /// Whether this block has such an activation.
  boolean has(Site site) {
    return switch (site) {
      case RESID_MID -> wiring == Wiring.SEQUENTIAL;
      case MLP_POST -> mlp instanceof Mlp.Dense;
      case LN_FINAL -> false;
      case Q, K, V, Z, ATTN_SCORES, PATTERN, PATTERN_LAST -> mixer.has(site);
      case RESID_PRE, ATTN_OUT, MLP_OUT, RESID_POST -> true;
    };
  }

  /// The same block with an MLP that reads something else.
  public Block wired(Wiring other) {
    return new Block(layer, norms, mixer, mlp, other, residualMultiplier, ending);
  }

  /// The same block with other matrices where it writes to the stream.
  Block withWriters(WriterEdit edit) {
    return new Block(
        layer,
        norms,
        mixer.withOutput(o -> edit.attention(layer, o, norms.afterAttention)),
        mlp.withOutput((down, after) -> edit.mlp(layer, down, after), norms.afterMlp),
        wiring,
        residualMultiplier,
        ending.withOutput((down, after) -> edit.mlp(layer, down, after)));
  }
}
