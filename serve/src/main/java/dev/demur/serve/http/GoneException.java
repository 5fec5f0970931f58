package dev.demur.serve.http;

import java.io.Serial;

/// The client is no longer there, or does not take what it is sent.
public final class GoneException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  GoneException(Throwable cause) {
    super("the client is gone", cause);
  }
}
