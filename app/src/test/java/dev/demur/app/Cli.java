package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Terminal.Channel;
import dev.demur.kit.Checkpoints;
import dev.demur.lab.VisibleText;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The command line as tests use it: in this process with its streams caught, or in one of its own.
public final class Cli {

  private Cli() {}

  /// What a command left.
  public record Outcome(int code, String out, String err) {

    /// The message lines that are ours, without progress.
    public List<String> messages() {
      return err.lines().filter(line -> line.startsWith("demur: ")).toList();
    }
  }

  /// Streams that lead nowhere.
  public static Terminal nowhere() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Terminal(nowhere, nowhere, new BufferedReader(new StringReader("")), Set.of());
  }

  public static Path checkpoint(String name) {
    return Checkpoints.named(name);
  }

  /// A small study of a tiny random model.
  ///
  /// @param folder where its prompts and its run folder `name` go
  /// @param more options
  public static Path study(Path folder, String name, int harmfulPrompts, Object... more)
      throws IOException {
    Path run = folder.resolve(name);
    var words =
        new ArrayList<>(
            List.<Object>of(
                "study",
                checkpoint("llama-gqa-tied"),
                "--data",
                data(folder),
                "--out",
                run,
                "--train",
                6,
                "--val",
                4,
                "--harmful-prompts",
                harmfulPrompts,
                "--harmless-prompts",
                4,
                "--max-new-tokens",
                6));
    words.addAll(List.of(more));
    var outcome = run(words.toArray());
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    return run;
  }

  /// Runs a command with nothing on standard input.
  public static Outcome run(Object... args) {
    return run("", Set.of(), args);
  }

  /// Runs a command.
  ///
  /// @param in standard input
  /// @param interactive streams that pass for terminals
  public static Outcome run(String in, Set<Channel> interactive, Object... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new BufferedReader(new StringReader(in)),
            interactive);
    int code = Demur.run(terminal, words(args));
    var outcome =
        new Outcome(
            code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    if (interactive.isEmpty()) { // bars and colours are for people
      assertVisible(outcome.out());
      assertVisible(outcome.err());
    }
    return outcome;
  }

  /// D10: nothing that a terminal obeys.
  static void assertVisible(String text) {
    assertThat(VisibleText.of(text)).isEqualTo(text);
  }

  /// Starts a command in a process of its own; messages go to standard error of the process.
  ///
  /// @param shell put before the command, for example `ulimit -f 8;`
  public static Process start(String shell, List<String> jvm, Object... args) throws IOException {
    return start(Main.class, shell, jvm, args);
  }

  static Process start(Class<?> main, String shell, List<String> jvm, Object... args)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(words(args)));
    var words = new ArrayList<>(List.of("sh", "-c", shell + " exec \"$@\"", "sh"));
    words.addAll(command);
    return new ProcessBuilder(words).start();
  }

  /// Waits for a process that [#start] began.
  public static Outcome finish(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    var out = text(process.getInputStream());
    var err = text(process.getErrorStream());
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("the process did not end in 5 minutes");
    }
    return new Outcome(process.exitValue(), out, err);
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String[] words(Object... args) {
    return Arrays.stream(args).map(String::valueOf).toArray(String[]::new);
  }

  /// Harmless made-up prompts in the released code's layout.
  public static Path data(Path folder) throws IOException {
    Path splits = Files.createDirectories(folder.resolve("data/splits"));
    for (String kind : List.of("harmful", "harmless")) {
      for (String split : List.of("train", "val", "test")) {
        var prompts = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
          String opening = kind.equals("harmful") ? "Never mind how to" : "Tell me how to";
          prompts.add("\"%s bake loaf %d of the %s batch\"".formatted(opening, i, split));
        }
        Files.writeString(splits.resolve(kind + "_" + split + ".json"), prompts.toString());
      }
    }
    return folder.resolve("data");
  }
}
