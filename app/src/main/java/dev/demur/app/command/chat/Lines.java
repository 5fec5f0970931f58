package dev.demur.app.command.chat;

import static java.util.Objects.requireNonNull;

import dev.demur.app.cli.Console;
import dev.demur.app.cli.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal.Signal;

/// Where the lines of a conversation come from.
sealed interface Lines {

  /// What stands before a line.
  String PROMPT = "> ";

  /// The next line; empty when there are no more.
  Optional<String> next() throws IOException;

  /// Does work that Ctrl-C ends, and not the process.
  ///
  /// @param work is told whether to go on
  void interruptible(Consumer<BooleanSupplier> work);

  /// With keys to edit a line and to fetch earlier ones where a person sits at the process's own
  /// terminal, plain elsewhere.
  static Lines of(Terminal terminal, List<String> words) {
    return Console.isThere() ? new Edited(terminal, words) : new Plain(terminal);
  }

  /// Lines as they come.
  record Plain(Terminal terminal) implements Lines {
    @Override
    public Optional<String> next() throws IOException {
      terminal.err().print(PROMPT);
      terminal.err().flush();
      var line = Optional.ofNullable(terminal.in().readLine());
      if (line.isEmpty()) {
        terminal.err().println();
      }
      return line;
    }

    @Override
    public void interruptible(Consumer<BooleanSupplier> work) {
      work.accept(() -> true);
    }
  }

  /// Lines a person edits. Earlier ones are kept in memory only. Changed by Ctrl-C.
  final class Edited implements Lines {
    private final Terminal terminal;
    private final LineReader reader;
    private volatile boolean goesOn = true;

    private Edited(Terminal terminal, List<String> words) {
      this.terminal = terminal;
      // What is typed is text: quotes and backslashes mean nothing.
      var parser = new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]);
      reader =
          LineReaderBuilder.builder()
              .terminal(Console.terminal())
              .parser(parser)
              .completer(new StringsCompleter(words))
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      // What keys send in terminals that do not take up application mode.
      var keys = requireNonNull(reader.getKeyMaps().get(LineReader.MAIN));
      keys.bind(new Reference(LineReader.UP_LINE_OR_HISTORY), "\033[A");
      keys.bind(new Reference(LineReader.DOWN_LINE_OR_HISTORY), "\033[B");
      keys.bind(new Reference(LineReader.FORWARD_CHAR), "\033[C");
      keys.bind(new Reference(LineReader.BACKWARD_CHAR), "\033[D");
    }

    @Override
    public Optional<String> next() {
      while (true) {
        try {
          return Optional.of(reader.readLine(PROMPT));
        } catch (UserInterruptException _) {
          terminal.note("Ctrl-D or /quit ends the chat");
        } catch (EndOfFileException _) {
          return Optional.empty();
        }
      }
    }

    @Override
    public void interruptible(Consumer<BooleanSupplier> work) {
      goesOn = true;
      var before = Console.terminal().handle(Signal.INT, _ -> goesOn = false);
      try {
        work.accept(() -> goesOn);
      } finally {
        Console.terminal().handle(Signal.INT, before);
      }
    }
  }
}
