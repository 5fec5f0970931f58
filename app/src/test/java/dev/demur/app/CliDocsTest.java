package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// docs/cli.md is what the commands say of themselves.
class CliDocsTest {

  private static final Path FILE = Path.of("../docs/cli.md");
  private static final String COMMAND =
      "mvn -pl app -am test -Dtest=CliDocsTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dgolden.regenerate=true";

  @Test
  void theCommandReferenceIsUpToDate() throws IOException {
    var text =
        new StringBuilder("# Commands\n\nGenerated from the commands themselves; do not edit.\n");
    describe(Demur.everyCommand(Cli.nowhere()), text);
    if (Boolean.getBoolean("golden.regenerate")) {
      Files.writeString(FILE, text);
      throw new AssertionError(
          "docs/cli.md is rewritten; look at the change and run again without");
    }
    assertThat(Files.readString(FILE))
        .describedAs("regenerate: " + COMMAND)
        .isEqualTo(text.toString());
  }

  private static void describe(CommandLine command, StringBuilder text) {
    text.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```text\n");
    command
        .getUsageMessage()
        .lines()
        .map(String::stripTrailing)
        .forEach(l -> text.append(l).append('\n'));
    text.append("```\n");
    command.getSubcommands().values().forEach(sub -> describe(sub, text));
  }
}
