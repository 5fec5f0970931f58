package dev.demur.model.web;

import java.io.IOException;
import java.io.Serial;

/// A body fell behind its [Pace] and was ended. The message says how far.
public final class SlowAnswerException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  SlowAnswerException(String message) {
    super(message);
  }
}
