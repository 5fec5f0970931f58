package dev.demur.lab.policy;

/// A line that is no policy: where it stops making sense, what stands there, what should.
public final class PolicySyntaxException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final int position;
  private final String found;
  private final String expected;

  PolicySyntaxException(int position, String found, String expected) {
    super("policy at character " + position + ": found " + found + ", expected " + expected);
    this.position = position;
    this.found = found;
    this.expected = expected;
  }

  /// The character of the line, from 1.
  public int position() {
    return position;
  }

  /// What stands there.
  public String found() {
    return found;
  }

  /// What should stand there.
  public String expected() {
    return expected;
  }
}
