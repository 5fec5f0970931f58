package dev.demur.model.text;

import java.io.Serial;

/// A text is longer than the model's context.
public final class ContextLengthException extends IllegalArgumentException {

  @Serial private static final long serialVersionUID = 1L;

  ContextLengthException(String message) {
    super(message);
  }
}
