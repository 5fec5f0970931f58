package dev.demur.app.cli;

import dev.demur.app.cli.Terminal.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.TerminalBuilder;

/// The terminal the process was started in. Opened when it is first asked for.
public final class Console {

  private Console() {}

  /// Keys, signals and size of the terminal; a plain one where the process has none.
  public static org.jline.terminal.Terminal terminal() {
    return Opened.TERMINAL;
  }

  /// Whether a person sits at the process's own standard input, with keys a program can read.
  public static boolean isThere() {
    return Terminal.processHas(Channel.IN)
        && !terminal().getType().startsWith(org.jline.terminal.Terminal.TYPE_DUMB);
  }

  static int columns() {
    int columns = terminal().getWidth();
    return columns > 0 ? columns : Terminal.USUAL_COLUMNS;
  }

  private static final class Opened {
    static final org.jline.terminal.Terminal TERMINAL = open();

    private static org.jline.terminal.Terminal open() {
      try {
        return TerminalBuilder.builder()
            .system(true)
            .systemOutput(TerminalBuilder.SystemOutput.SysErrOrSysOut)
            .encoding(StandardCharsets.UTF_8)
            .dumb(true)
            .build();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
