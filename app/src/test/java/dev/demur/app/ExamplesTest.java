package dev.demur.app;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// Whatever lies in `examples/` runs on the demo model, without arguments, and prints what it says
/// it prints: a program in the `text` block of its comment, a script line by line. `…` stands for
/// anything.
@Order(1) // the slowest begin first
@ResourceLock(Resources.SYSTEM_OUT)
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("../examples");
  private static final Pattern PRINTS = Pattern.compile("(?s)/// ```text\n(.*?)/// ```\n");
  private static final String GIVES = "// → ";
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir private static Path classes;

  private static List<Path> examples(String suffix) throws IOException {
    try (var files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  @BeforeAll
  static void compile() throws IOException {
    var command = new ArrayList<>(List.of("-d", classes.toString(), "-Xlint:all,-path", "-Werror"));
    command.addAll(List.of("-proc:none", "-cp", CLASS_PATH));
    examples(".java").forEach(file -> command.add(file.toString()));
    var errors = new ByteArrayOutputStream();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, errors, errors, command.toArray(String[]::new));
    assertThat(code).describedAs(errors.toString(StandardCharsets.UTF_8)).isZero();
  }

  @TestFactory
  Stream<DynamicTest> programsPrintWhatTheySay() throws IOException {
    var programs = examples(".java");
    assertThat(programs).isNotEmpty();
    return programs.stream().map(file -> DynamicTest.dynamicTest(name(file), () -> program(file)));
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceAll("\\..*", "");
  }

  private static void program(Path file) throws Exception {
    var said = PRINTS.matcher(Files.readString(file));
    assertThat(said.find()).describedAs("%s has a ```text block of what it prints", file).isTrue();
    String expected =
        said.group(1)
            .lines()
            .map(line -> line.replaceFirst("^/// ?", ""))
            .map(ExamplesTest::pattern)
            .collect(joining());
    assertThat(run(name(file))).matches(Pattern.compile(expected));
  }

  /// A line that is `…` alone stands for any lines.
  private static String pattern(String line) {
    return line.equals("…") ? "(?:.*\\R)*" : inLine(line) + "\\R";
  }

  private static String inLine(String line) {
    return Stream.of(line.split("…", -1)).map(Pattern::quote).collect(joining(".*"));
  }

  private static String run(String program) throws Exception {
    var usual = System.out;
    var out = new ByteArrayOutputStream();
    try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      loader
          .loadClass(program)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(usual);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @TestFactory
  Stream<DynamicTest> scriptsGiveWhatTheySay() throws IOException {
    var scripts = examples(".jsh");
    assertThat(scripts).isNotEmpty();
    return scripts.stream().map(file -> DynamicTest.dynamicTest(name(file), () -> script(file)));
  }

  private static void script(Path file) throws IOException {
    // In this process: a second one would load the model's libraries again.
    try (var shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath(CLASS_PATH);
      usualImports(shell);
      var waiting = new StringBuilder();
      String last = "";
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(GIVES)) {
          assertThat(last).matches(inLine(line.substring(GIVES.length())));
        } else if (!line.startsWith("//") && !line.isBlank()) {
          waiting.append(line).append('\n');
          var seen = shell.sourceCodeAnalysis().analyzeCompletion(waiting.toString());
          if (seen.completeness() != Completeness.DEFINITELY_INCOMPLETE) {
            last = value(shell, seen.source());
            waiting.setLength(0);
          }
        }
      }
      assertThat(waiting).describedAs("unfinished lines of %s", file).isEmpty();
    }
  }

  /// What the `jshell` command imports before anything is typed, as far as scripts here need it.
  private static void usualImports(JShell shell) {
    shell.eval("import java.nio.file.*;");
    shell.eval("import java.util.*;");
  }

  /// Runs one line.
  ///
  /// @return what it gives, text without its quotes
  private static String value(JShell shell, String source) {
    String value = "";
    for (var event : shell.eval(source)) {
      assertThat(event.status())
          .describedAs("%s%n%s", source, diagnostics(shell, event.snippet()))
          .isEqualTo(Snippet.Status.VALID);
      assertThat(event.exception()).describedAs(source).isNull();
      value = event.value() == null ? value : event.value();
    }
    return value.matches("(?s)\".*\"") ? value.substring(1, value.length() - 1) : value;
  }

  private static String diagnostics(JShell shell, Snippet snippet) {
    return shell.diagnostics(snippet).map(d -> d.getMessage(null)).collect(joining("\n"));
  }
}
