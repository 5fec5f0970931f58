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
import java.util.Set;
import java.util.stream.Collectors;

/// The three standard streams, and which of them a person sits at. What leaves by `out` and `err`
/// goes through [dev.demur.lab.VisibleText].
///
/// @param out results
/// @param err progress and messages
/// @param in answers and piped text
/// @param interactive those that are a terminal
public record Terminal(
    PrintStream out, PrintStream err, BufferedReader in, Set<Channel> interactive) {

  /// Property the launcher sets: names of the streams that are terminals, with commas between.
  static final String TERMINALS = "demur.terminals";

  /// One of the standard streams.
  public enum Channel {
    IN,
    OUT,
    ERR
  }

  public Terminal {
    out = VisibleStream.over(out);
    err = VisibleStream.over(err);
    interactive = Set.copyOf(interactive);
  }

  /// The streams of this process, UTF-8.
  public static Terminal ofProcess() {
    String terminals = System.getProperty(TERMINALS, "");
    var interactive =
        Arrays.stream(Channel.values())
            .filter(c -> terminals.contains(c.name().toLowerCase(Locale.ROOT)))
            .collect(Collectors.toUnmodifiableSet());
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        reader(System.in),
        interactive);
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

  /// One line of message on standard error, marked as ours.
  public void say(String message) {
    err.println("demur: " + VisibleText.line(message));
  }
}
