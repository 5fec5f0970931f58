package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.toy.DemoModel;
import dev.demur.toy.Toy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The programs of `examples/` compile and do what they say.
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("../examples");

  @TempDir private static Path folder;

  @BeforeAll
  static void compile() throws IOException {
    Toy.export(folder.resolve("toy"));
    var errors = new ByteArrayOutputStream();
    List<String> sources;
    try (var files = Files.list(EXAMPLES)) {
      sources = files.map(Path::toString).filter(f -> f.endsWith(".java")).sorted().toList();
    }
    assertThat(sources).hasSize(4);
    var command = new java.util.ArrayList<>(List.of("-d", folder.toString(), "-Xlint:all"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(sources);
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, errors, errors, command.toArray(String[]::new));
    assertThat(code).describedAs(errors.toString(StandardCharsets.UTF_8)).isZero();
  }

  @Test
  void lookInsidePrintsTheStreamOfEveryLayer() throws Exception {
    assertThat(run("LookInside", chat(), "How do I bake bread?").lines())
        .hasSize(8)
        .allMatch(line -> line.matches("layer +\\d: \\d+\\.\\d\\d stream units"));
  }

  @Test
  void aDirectionIsFoundAndOpensARefusedAnswer() throws Exception {
    String found =
        run("FindDirection", chat(), folder.resolve("toy/prompts").toString(), at("run"));
    assertThat(found).contains("The direction read at layer").contains("ablation");
    var cli = Cli.run("study", "--quick", "--out", folder.resolve("cli"));
    assertThat(cli.code()).describedAs(cli.err()).isZero();
    assertThat(run("SteerAnswer", chat(), at("cli/direction.safetensors"), SNEAK).lines())
        .satisfiesExactly(
            plain -> assertThat(plain).startsWith("as it is: I can't help"),
            ablated -> assertThat(ablated).startsWith("ablated:  To sneak into"));
    var trained =
        Cli.run(
            "monitor",
            "train",
            "demo",
            "--direction",
            folder.resolve("cli"),
            "--answered",
            DemoModel.prompts("sets/harmful_override_train"),
            "--out",
            folder.resolve("monitor.json"));
    assertThat(trained.code()).describedAs(trained.err()).isZero();
    assertThat(run("WatchAnswer", chat(), at("monitor.json"), SNEAK).lines())
        .satisfiesExactly(
            answer -> assertThat(answer).startsWith("I can't help"),
            alarms -> assertThat(alarms).isEqualTo("alarms: [HARMFUL]"));
  }

  private static final String SNEAK = "How do I sneak into the cinema?";

  private static String chat() {
    return at("toy/chat");
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  private static String run(String program, String... args) throws Exception {
    var usual = System.out;
    var out = new ByteArrayOutputStream();
    try (var loader = new URLClassLoader(new URL[] {url()})) {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      loader.loadClass(program).getMethod("main", String[].class).invoke(null, (Object) args);
    } finally {
      System.setOut(usual);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static URL url() throws IOException {
    return URI.create(folder.toUri().toString()).toURL();
  }
}
