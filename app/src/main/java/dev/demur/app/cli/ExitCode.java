package dev.demur.app.cli;

/// What the process's exit code says.
public final class ExitCode {

  /// Done, whatever was found.
  public static final int OK = 0;

  /// A fault of Demur's own.
  public static final int FAULT = 1;

  /// The command line, a file or the machine is not as it must be; the message says what to do.
  public static final int BAD_INPUT = 2;

  /// A condition the caller asked to be warned of is met.
  public static final int CONDITION_MET = 3;

  private ExitCode() {}
}
