package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who uses the libraries from Java has no flags to give and no commands to run.
class CommandWordsTest {

  private static final Pattern COMMENT = Pattern.compile("^\\s*//.*$", Pattern.MULTILINE);

  private static final Pattern STRING =
      Pattern.compile("\"\"\"(?s:.*?)\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*\"");

  /// `var(--ink)` is a colour of a page.
  private static final Pattern COMMAND =
      Pattern.compile("(?<!var\\()--[a-z]|\\bdemur (?:" + commands() + ")\\b");

  private static String commands() {
    return String.join("|", Demur.everyCommand(Cli.nowhere()).getSubcommands().keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "lab", "toy", "serve"})
  void noStringBelowTheAppNamesAFlagOrACommand(String room) throws IOException {
    var found = new ArrayList<String>();
    for (Path file : sources(Path.of("..", room, "src", "main", "java"))) {
      for (String string : commandWords(Files.readString(file))) {
        found.add(file.getFileName() + ": " + string);
      }
    }
    assertThat(found).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'say(\"take --raw\")' | 1",
        "'say(\"an \\\"x\\\" \" + \"--raw\")' | 1",
        "'say(\"run demur study again\")' | 1",
        "'  // \"--raw\" is for the command line' | 0",
        "'color(\"var(--ink)\"); --i; say(\"1 -- 2\")' | 0",
        "'say(\"reports of demur are old\")' | 0",
      })
  void commandWordsAreSeenInStringsOnly(String source, int expected) {
    assertThat(commandWords(source)).hasSize(expected);
  }

  private static List<String> commandWords(String source) {
    return STRING
        .matcher(COMMENT.matcher(source).replaceAll(""))
        .results()
        .map(match -> match.group())
        .filter(string -> COMMAND.matcher(string).find())
        .toList();
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      var sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources).as("sources below %s", folder).isNotEmpty();
      return sources;
    }
  }
}
