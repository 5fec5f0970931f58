package dev.demur.app.option;

import dev.demur.app.cli.PrintedJson;
import dev.demur.app.cli.Terminal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// How a command says what it has written: a path for people and scripts, JSON for programs.
public final class WrittenOptions {

  @Option(names = "--json", description = "Print what was written as JSON.")
  private boolean json;

  /// Whether a program reads.
  public boolean isJson() {
    return json;
  }

  /// Says that a file or folder was written.
  public void say(Terminal terminal, Path path) {
    say(terminal, path, path.toString(), Map.of());
  }

  /// Says it with more.
  ///
  /// @param text for people
  /// @param facts for programs, beside the path
  public void say(Terminal terminal, Path path, String text, Map<String, ?> facts) {
    if (!json) {
      terminal.out().println(text);
      return;
    }
    var all = new LinkedHashMap<String, Object>();
    all.put("path", path.toString());
    all.putAll(facts);
    terminal.out().print(PrintedJson.of(all));
  }
}
