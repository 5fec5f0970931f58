package dev.demur.model.web;

import java.io.IOException;
import java.io.Serial;

/// A body has more bytes than are taken, and was ended.
public final class LargeAnswerException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  LargeAnswerException(String message) {
    super(message);
  }
}
