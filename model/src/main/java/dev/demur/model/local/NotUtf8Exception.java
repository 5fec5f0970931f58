package dev.demur.model.local;

import java.io.Serial;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/// A file that should hold text is not UTF-8. The message names it.
public final class NotUtf8Exception extends CharacterCodingException {

  @Serial private static final long serialVersionUID = 1L;

  private final String file;

  NotUtf8Exception(Path file, CharacterCodingException cause) {
    this.file = file.toString();
    initCause(cause);
  }

  @Override
  public String getMessage() {
    return file + ": is not UTF-8 text; convert it, for example with iconv";
  }
}
