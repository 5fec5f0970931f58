package dev.demur.model.format;

import dev.demur.model.remedy.Remedied;
import dev.demur.model.remedy.Remedy;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// A file that is not what it claims to be. The message is one line: file, place, what was found,
/// what was expected, what to do.
public final class ModelFormatException extends IOException implements Remedied {

  @Serial private static final long serialVersionUID = 1L;

  private final transient List<Remedy> remedies;

  /// @param file the file at fault; its path opens the message
  /// @param problem what was found, what was expected, what to do
  public ModelFormatException(Path file, String problem) {
    super(oneLine(file + ": " + problem));
    this.remedies = List.of();
  }

  /// @param file the file at fault
  /// @param offset byte at which the trouble starts
  /// @param problem what was found, what was expected, what to do
  public ModelFormatException(Path file, long offset, String problem) {
    super(oneLine(String.format(Locale.ROOT, "%s at byte %,d: %s", file, offset, problem)));
    this.remedies = List.of();
  }

  /// @param file the file at fault
  /// @param problem what was found, what was expected, what to do
  /// @param cause what a library said
  public ModelFormatException(Path file, String problem, Throwable cause) {
    super(oneLine(file + ": " + problem), cause);
    this.remedies = List.of();
  }

  /// @param file the file at fault; its path opens the message
  /// @param problem what was found, what was expected, what to do
  /// @param remedies what helps, most useful first
  public ModelFormatException(Path file, String problem, List<? extends Remedy> remedies) {
    super(oneLine(file + ": " + problem));
    this.remedies = List.copyOf(remedies);
  }

  @Override
  public List<Remedy> remedies() {
    return remedies;
  }

  /// What a file says of itself may hold anything, line breaks and terminal commands too.
  private static String oneLine(String message) {
    return message.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
  }
}
