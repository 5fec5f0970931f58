package dev.demur.app.cli;

import dev.demur.lab.VisibleText;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The three standard streams, and which of them a person sits at. What leaves by `out` and `err`
/// goes through [dev.demur.lab.VisibleText].
///
/// @param out results
/// @param err progress and messages
/// @param in answers and piped text
/// @param interactive those that are a terminal
/// @param detail what of `err` is wanted
public record Terminal(
    PrintStream out, PrintStream err, BufferedReader in, Set<Channel> interactive, Detail detail) {

  /// Property the launcher sets: names of the streams that are terminals, with commas between.
  static final String TERMINALS = "demur.terminals";

  /// One of the standard streams.
  public enum Channel {
    IN,
    OUT,
    ERR
  }

  /// How much is said beside results.
  public enum Detail {
    /// Progress, notes, warnings and errors.
    ALL,
    /// Warnings and errors.
    ALARMS
  }

  /// Columns of a terminal nobody knows the width of.
  public static final int USUAL_COLUMNS = 80;

  public Terminal {
    out = VisibleStream.over(out);
    err = VisibleStream.over(err);
    interactive = Set.copyOf(interactive);
  }

  /// The streams, all that there is to say being said.
  public Terminal(PrintStream out, PrintStream err, BufferedReader in, Set<Channel> interactive) {
    this(out, err, in, interactive, Detail.ALL);
  }

  /// The same streams without progress and notes.
  public Terminal quietly() {
    return new Terminal(out, err, in, interactive, Detail.ALARMS);
  }

  /// The streams of this process, UTF-8.
  public static Terminal ofProcess() {
    var interactive =
        Arrays.stream(Channel.values())
            .filter(Terminal::processHas)
            .collect(Collectors.toUnmodifiableSet());
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        reader(System.in),
        interactive);
  }

  /// Whether a person sits at a standard stream of the process, as the launcher says; without it,
  /// as Java says of all together.
  static boolean processHas(Channel channel) {
    String terminals = System.getProperty(TERMINALS);
    if (terminals == null) {
      var console = Optional.ofNullable(System.console());
      return console.filter(java.io.Console::isTerminal).isPresent();
    }
    return terminals.contains(channel.name().toLowerCase(Locale.ROOT));
  }

  /// Reads text from a stream, UTF-8; bytes that are none are an error and not a `U+FFFD`.
  static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
  }

  /// The stream without the filter, for control codes of our own. Whatever else is printed to it
  /// has been through [dev.demur.lab.VisibleText] before.
  ///
  /// @param channel one that is written to
  public PrintStream unfiltered(Channel channel) {
    return switch (channel) {
      case OUT -> VisibleStream.over(out).unfiltered();
      case ERR -> VisibleStream.over(err).unfiltered();
      case IN -> throw new IllegalArgumentException("standard input is not written to");
    };
  }

  /// Whether a person sits at this stream.
  public boolean isInteractive(Channel channel) {
    return interactive.contains(channel);
  }

  /// How many columns the person's terminal has now.
  public int columns() {
    return interactive.isEmpty() ? USUAL_COLUMNS : Console.columns();
  }

  /// One line that helps and is not needed: left out by `--quiet`.
  public void note(String message) {
    if (detail == Detail.ALL) {
      say(message);
    }
  }

  /// One line of message on standard error, marked as ours.
  public void say(String message) {
    err.println("demur: " + VisibleText.line(message));
  }
}
