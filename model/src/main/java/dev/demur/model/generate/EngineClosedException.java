package dev.demur.model.generate;

import java.io.Serial;

/// The engine takes no requests any more.
public final class EngineClosedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  EngineClosedException(String message) {
    super(message);
  }
}
