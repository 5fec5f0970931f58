package dev.demur.lab.steer;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.WriterEdit;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.function.UnaryOperator;

/// An intervention written into the weights.
public sealed interface WeightEdit {

  /// The direction it is about.
  Direction direction();

  /// The edits of a forward pass over `layers` layers that the edited weights stand for.
  HookPlan hooks(int layers);

  /// Removes the direction from what writes to the stream: W ← W − λ r̂ r̂ᵀ W, in float32.
  ///
  /// Where what is written passes an RMS norm with scale γ first (Gemma 2 and 3, OLMo-2), W is made
  /// orthogonal to u = γ ⊙ r̂ / ‖γ ⊙ r̂‖ instead: then γ ⊙ (W x) / rms has no component along r̂.
  ///
  /// Source: Arditi et al. 2024 (arXiv 2406.11717), section 4 and appendix E. Equal to directional
  /// ablation where writers write straight into the stream. Behind a norm the stream is as free of
  /// r̂ as under ablation, but not the same: ablation takes r̂ away after the norm, which no matrix
  /// before it can do.
  ///
  /// @param strength λ: 1 removes the whole component, 0.5 half of it, 2 turns it round
  /// @param reach what is edited
  /// @param lengths what becomes of the length of what is edited
  record Orthogonalize(Direction direction, double strength, Reach reach, Lengths lengths)
      implements WeightEdit, WriterEdit {

    public Orthogonalize {
      if (!Double.isFinite(strength)) {
        throw new IllegalArgumentException("strength must be finite, was " + strength);
      }
    }

    /// The edit that changes lengths, as the paper's does.
    public Orthogonalize(Direction direction, double strength, Reach reach) {
      this(direction, strength, reach, Lengths.CHANGED);
    }

    /// The paper's edit: everywhere, at full strength.
    public Orthogonalize(Direction direction) {
      this(direction, 1, Reach.all());
    }

    /// Ablation, or, for a part of the writers or at another strength, the same taken from what
    /// these writers write. With [Lengths#KEPT] it is the nearest there is: no edit of a row of the
    /// stream gives columns of a matrix their lengths back.
    @Override
    public HookPlan hooks(int layers) {
      if (strength == 1 && reach.isAll(layers)) {
        return Policy.ablation(direction).plan(layers);
      }
      UnaryOperator<Tensor> edit = x -> rows(x, direction.unit(), strength);
      var plan = HookPlan.none();
      if (reach.embeddings()) {
        plan = plan.edit(new HookPoint(0, Site.RESID_PRE), edit);
      }
      for (int layer = 0; layer < layers; layer++) {
        if (reach.covers(Component.ATTENTION, layer)) {
          plan = plan.edit(new HookPoint(layer, Site.ATTN_OUT), edit);
        }
        if (reach.covers(Component.MLP, layer)) {
          plan = plan.edit(new HookPoint(layer, Site.MLP_OUT), edit);
        }
      }
      return plan;
    }

    @Override
    public Tensor embedding(Tensor table) {
      return reach.embeddings()
          ? lengths.of(table.to(DType.F32), direction.unit(), strength).to(table.dtype())
          : table;
    }

    @Override
    public Tensor positions(Tensor table) {
      return embedding(table);
    }

    @Override
    public Linear attention(int layer, Linear output, Norm after) {
      return reach.covers(Component.ATTENTION, layer) ? orthogonal(output, before(after)) : output;
    }

    @Override
    public Linear mlp(int layer, Linear output, Norm after) {
      return reach.covers(Component.MLP, layer) ? orthogonal(output, before(after)) : output;
    }

    /// The direction a matrix must not write so that r̂ does not come out of the norm behind it.
    private Tensor before(Norm after) {
      return switch (after) {
        case Norm.Identity() -> direction.unit();
        case Norm.Rms(var weight, _) -> beforeNorm(direction, weight);
        case Norm.Layer _, Norm.LayerByHead _ ->
            throw new IllegalArgumentException(
                "a direction cannot be removed from the weights before a LayerNorm: it subtracts"
                    + " the mean and adds a bias afterwards; use ablation in the forward pass");
      };
    }

    private Linear orthogonal(Linear writer, Tensor unit) {
      var columns = writer.weight().to(DType.F32);
      var edited = lengths.of(columns.transpose(0, 1), unit, strength).transpose(0, 1);
      return new Linear(
          edited.contiguous().to(writer.matrix().dtype()),
          writer
              .bias()
              .map(
                  bias ->
                      lengths
                          .of(bias.to(DType.F32).unsqueeze(0), unit, strength)
                          .reshape(-1)
                          .to(bias.dtype())));
    }
  }

  /// What becomes of the lengths of the vectors an orthogonalisation changes: the columns of a
  /// matrix that writes to the stream, the rows of an embedding, a bias.
  enum Lengths {
    /// A vector is as much shorter as the direction held of it.
    CHANGED,
    /// A vector gets its old length back. Nothing along the direction comes back with it, but the
    /// change no longer has rank 1.
    ///
    /// Source: norm-preserving abliteration, from a digest of what published tools do.
    KEPT;

    /// A vector of which no larger share is left points nowhere but into rounding noise.
    private static final double LEAST_LEFT = 1e-10;

    /// `v − λ (v·u) u` for the rows of a matrix, at the lengths they should have.
    ///
    /// @param vectors `[n, d_model]`, float32
    /// @param unit u, `[d_model]`
    public Tensor of(Tensor vectors, Tensor unit, double strength) {
      var edited = rows(vectors, unit, strength);
      return switch (this) {
        case CHANGED -> edited;
        case KEPT -> {
          var squares = vectors.to(DType.F64).square().sum(1);
          var along = vectors.dotRows(unit).to(DType.F64);
          yield edited.times(factors(squares, along, strength).unsqueeze(1));
        }
      };
    }

    /// What vectors are multiplied with after the edit to have their old lengths, float32 `[n]`; 1
    /// where nothing is left of one.
    ///
    /// @param squares of their lengths before, `[n]`
    /// @param along their components before, `[n]`
    public static Tensor factors(Tensor squares, Tensor along, double strength) {
      double[] was = squares.toDoubles();
      double[] held = along.toDoubles();
      float[] factors = new float[was.length];
      for (int i = 0; i < was.length; i++) {
        // |v − λ (v·u) u|² = |v|² − λ (2 − λ) (v·u)²
        double left = was[i] - strength * (2 - strength) * held[i] * held[i];
        factors[i] = left > LEAST_LEFT * was[i] ? (float) Math.sqrt(was[i] / left) : 1;
      }
      return Tensor.of(factors, factors.length);
    }
  }

  /// Adds `coefficient` times the raw direction, x + c r, to the stream entering the layer it was
  /// read from: a bias on what writes last before it.
  ///
  /// Source: Arditi et al. 2024 (arXiv 2406.11717), "activation addition", which is the same as a
  /// bias because it is added at every token.
  record Shift(Direction direction, double coefficient) implements WeightEdit {

    public Shift {
      if (!Double.isFinite(coefficient)) {
        throw new IllegalArgumentException("coefficient must be finite, was " + coefficient);
      }
    }

    @Override
    public HookPlan hooks(int layers) {
      return Policy.addition(direction, coefficient).plan(layers);
    }
  }

  /// What a matrix before an RMS norm with scale γ must not write, so that r̂ does not come out: γ
  /// ⊙ r̂ / ‖γ ⊙ r̂‖.
  ///
  /// @param scale γ, `[d_model]`
  static Tensor beforeNorm(Direction direction, Tensor scale) {
    var seen = scale.times(direction.unit());
    return seen.times(1 / seen.norm());
  }

  /// `x − λ (x·u) uᵀ` for rows x.
  ///
  /// @param rows `[pos, d_model]`, float32
  /// @param unit u, `[d_model]`
  static Tensor rows(Tensor rows, Tensor unit, double strength) {
    return rows.plusOuter(rows.dotRows(unit).times(-strength), unit);
  }
}
