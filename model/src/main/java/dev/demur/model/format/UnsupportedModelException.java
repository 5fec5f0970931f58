package dev.demur.model.format;

import java.io.IOException;
import java.io.Serial;

/// A model whose files are sound but which this build cannot run exactly. The message names what
/// was asked for and what is known.
public final class UnsupportedModelException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  /// @param message one line: the family or feature found, those that are supported, what to do
  public UnsupportedModelException(String message) {
    super(message);
  }
}
