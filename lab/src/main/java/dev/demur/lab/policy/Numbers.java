package dev.demur.lab.policy;

import dev.demur.lab.Sha256;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A tensor as a value: two are equal when their shapes and all their numbers are, bit for bit.
///
/// @param tensor float32
public record Numbers(Tensor tensor) {

  /// @throws IllegalArgumentException if it is not float32 or holds a NaN or an infinity
  public Numbers {
    if (tensor.dtype() != DType.F32) {
      throw new IllegalArgumentException("numbers must be float32, were " + tensor);
    }
    long bad = tensor.firstNonFinite();
    if (bad >= 0) {
      throw new IllegalArgumentException("number " + bad + " of " + tensor + " is not finite");
    }
  }

  /// SHA-256 of the numbers.
  public String hash() {
    return Sha256.of(tensor.contiguous().segment().toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Numbers(var theirs)
            && tensor.shape().equals(theirs.shape())
            && Arrays.equals(tensor.toFloats(), theirs.toFloats()));
  }

  @Override
  public int hashCode() {
    return 31 * tensor.shape().hashCode() + Arrays.hashCode(tensor.toFloats());
  }

  @Override
  public String toString() {
    return tensor.shape().toString();
  }
}
