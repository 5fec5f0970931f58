package dev.demur.model.tensor;

import java.io.Serial;

/// A NaN or an infinity where a number must be. Such values are errors, never results.
public final class NumericException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /// @param message one line: where (hook point or tensor), the first bad index, what it held
  public NumericException(String message) {
    super(message);
  }
}
