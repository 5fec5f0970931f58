package dev.demur.model.local;

import java.io.Serial;

/// Native libraries are not loaded, because somebody else may have changed them. The message is one
/// line: which file, what is wrong with it, what to do.
///
/// An error and not an exception, because class initialisers load native libraries.
public final class NativeFolderError extends LinkageError {

  @Serial private static final long serialVersionUID = 1L;

  NativeFolderError(String message) {
    super(message);
  }

  NativeFolderError(String message, Throwable cause) {
    super(message, cause);
  }
}
