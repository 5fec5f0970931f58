package dev.demur.model.text.regex;

/// A text takes more work, or grows longer, than any sound tokenizer needs for it.
public final class TooMuchWorkException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  public TooMuchWorkException(String message) {
    super(message);
  }
}
