package dev.demur.model.tensor;

import java.io.Serial;

/// The libtorch that was asked for is not to be had. The message is one line: which was asked for,
/// what was found, what to do.
///
/// An error and not an exception, because class initialisers load libtorch.
public final class TorchChoiceError extends LinkageError {

  @Serial private static final long serialVersionUID = 1L;

  TorchChoiceError(String message, Throwable cause) {
    super(message, cause);
  }
}
