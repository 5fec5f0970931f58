package dev.demur.model.generate;

import java.io.Serial;

/// As many requests wait as may; try again later.
public final class EngineFullException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  EngineFullException(int queued) {
    super(queued + " requests wait already, and no more may; try again later");
  }
}
