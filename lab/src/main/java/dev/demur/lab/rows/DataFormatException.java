package dev.demur.lab.rows;

import dev.demur.model.remedy.Remedied;
import dev.demur.model.remedy.Remedy;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.util.List;

/// A file of prompts, completions or labels that is not what it should be. The message is one line:
/// file, place, what was found, what was expected, what to do.
public final class DataFormatException extends IOException implements Remedied {

  @Serial private static final long serialVersionUID = 1L;

  private final transient List<Remedy> remedies;

  /// @param file the file at fault; its path opens the message
  /// @param problem what was found, what was expected, what to do
  public DataFormatException(Path file, String problem) {
    super(file + ": " + problem);
    this.remedies = List.of();
  }

  /// @param file the file at fault
  /// @param row where in the file, for example `line 12` or `row 3`
  /// @param problem what was found, what was expected, what to do
  public DataFormatException(Path file, String row, String problem) {
    super(file + ", " + row + ": " + problem);
    this.remedies = List.of();
  }

  /// @param file the file at fault
  /// @param problem what was found, what was expected, what to do
  /// @param cause what a library said
  public DataFormatException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
    this.remedies = List.of();
  }

  /// @param file the file at fault; its path opens the message
  /// @param problem what was found, what was expected, what to do
  /// @param remedies what helps, most useful first
  public DataFormatException(Path file, String problem, List<? extends Remedy> remedies) {
    super(file + ": " + problem);
    this.remedies = List.copyOf(remedies);
  }

  @Override
  public List<Remedy> remedies() {
    return remedies;
  }
}
