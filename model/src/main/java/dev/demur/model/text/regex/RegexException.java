package dev.demur.model.text.regex;

/// A pattern is not well formed, too large, or uses a construct that is not known. The message
/// completes "the pattern …".
public final class RegexException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  RegexException(String message) {
    super(message);
  }
}
