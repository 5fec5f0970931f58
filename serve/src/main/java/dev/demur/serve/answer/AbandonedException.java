package dev.demur.serve.answer;

import java.io.Serial;

/// Nobody waits for the answer any more.
public final class AbandonedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  AbandonedException() {
    super("nobody waits for the answer");
  }
}
