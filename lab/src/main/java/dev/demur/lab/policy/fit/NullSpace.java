package dev.demur.lab.policy.fit;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Tensor;

/// A map that turns activations of harmful prompts into the refusal vector and leaves those of
/// benign prompts about where they are.
///
/// Source: AlphaSteer (2025), after its released code: P = Q Qᵀ with Q the eigenvectors of H_bᵀ H_b
/// with the smallest eigenvalues, Δ = (P HᵀH P + ridge P)⁺ P Hᵀ R with every row of R the refusal
/// vector, S = P Δ.
///
/// @param share p, which share of all eigenvectors spans the null space; above 0, at most 1
/// @param ridge α, the weight of P; 10 there
public record NullSpace(double share, double ridge) {

  public NullSpace {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be above 0 and at most 1, was " + share);
    }
    if (!(ridge > 0) || Double.isInfinite(ridge)) {
      throw new IllegalArgumentException("ridge must be positive, was " + ridge);
    }
  }

  /// Half of the eigenvectors, and the weight there.
  public static NullSpace usual() {
    return new NullSpace(0.5, 10);
  }

  /// S, float32 `[d_model, d_model]`.
  ///
  /// @param benign H_b, `[prompt, d_model]`
  /// @param harmful H, `[prompt, d_model]`
  /// @param refusal r, `[d_model]`
  public Tensor map(Tensor benign, Tensor harmful, Tensor refusal) {
    var q = nullSpace(benign.to(DType.F64));
    var inside = harmful.to(DType.F64).matmul(q); // H Q
    var gram = Eigen.ofSymmetric(inside.transpose(0, 1).matmul(inside));
    // Within the span of Q the pseudo-inverse is an inverse: (QᵀHᵀHQ + ridge I)⁻¹.
    var column = inside.transpose(0, 1).sum(1).unsqueeze(1); // Qᵀ Hᵀ 1
    var solved =
        gram.vectors()
            .transpose(0, 1)
            .matmul(
                gram.vectors().matmul(column).dividedBy(gram.values().plus(ridge).unsqueeze(1)));
    return q.matmul(solved).matmul(refusal.to(DType.F64).unsqueeze(0)).to(DType.F32);
  }

  /// Q, `[d_model, k]`.
  private Tensor nullSpace(Tensor benign) {
    var all = Eigen.ofSymmetric(benign.transpose(0, 1).matmul(benign));
    long k = Math.max(1, (long) (share * benign.dim(1)));
    return all.vectors().narrow(0, 0, k).transpose(0, 1);
  }
}
