package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What the pages tell a reader to type is what the commands take.
class DocumentedCommandsTest {

  private static final Path ROOT = Path.of("..");

  /// A line of a code block, with what a shell needs before and after the command.
  private static final Pattern COMMAND =
      Pattern.compile(
          "^(?: {4,}|)(?:[A-Z_]+=\\S+ )*(?:\\./)?demur (?<words>[a-z][^#|>&\n]*)",
          Pattern.MULTILINE);

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  @TestFactory
  Stream<DynamicTest> everyCommandOfAPageIsUnderstood() throws IOException {
    return pages().stream()
        .map(page -> DynamicTest.dynamicTest(page.toString(), () -> check(page)));
  }

  private static void check(Path page) throws IOException {
    String text = Files.readString(page).replaceAll("\\\\\n *", " ");
    COMMAND
        .matcher(text)
        .results()
        .map(match -> match.group("words"))
        .forEach(
            words ->
                assertThatCode(() -> Demur.everyCommand(Cli.nowhere()).parseArgs(split(words)))
                    .as("demur " + words)
                    .doesNotThrowAnyException());
  }

  private static String[] split(String words) {
    // What another command prints is some word; what may be left out is left in.
    return WORD.matcher(words.replaceAll("\\$\\([^)]*\\)", "WORD").replaceAll("[\\[\\]]", ""))
        .results()
        .map(m -> m.group(1) != null ? m.group(1) : m.group(2) != null ? m.group(2) : m.group(3))
        .toArray(String[]::new);
  }

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<Path>();
    pages.add(ROOT.resolve("README.md"));
    try (var docs = Files.list(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  /// E19: nothing said how to put `demur` on the PATH, nor where the words are explained.
  @Test
  void theReadmeSaysHowToCallItAndWhereWordsAreExplained() throws IOException {
    assertThat(Files.readString(ROOT.resolve("README.md")))
        .contains("`PATH`", "docs/glossary.md", "demur data pull refusal-direction");
  }
}
