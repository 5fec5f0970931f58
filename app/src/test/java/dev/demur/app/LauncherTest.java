package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.kernel.RowProducts;
import dev.demur.model.kernel.StoredAs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The scripts that start Java: `demur`, by a Java that prints its arguments, and `demur.cmd`,
/// which needs Windows, by its text.
class LauncherTest {

  private static final Path LAUNCHER = Path.of("../demur");

  @TempDir Path folder;

  /// E7: every chat with a real model began with a warning of Java's.
  @Test
  void vectorKernelsLoadWithoutAWordFromJava() throws Exception {
    var open = List.of("--add-exports", "java.base/jdk.internal.module=ALL-UNNAMED");
    var outcome = Cli.finish(Cli.start(Probe.class, "", open));
    assertThat(outcome.out()).isEqualTo("kernels: true\n");
    assertThat(outcome.err()).isEmpty();
  }

  /// Says whether there are kernels.
  static final class Probe {
    public static void main(String[] args) {
      System.out.print("kernels: " + RowProducts.available(StoredAs.F32) + "\n");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void pathsWithSpacesStayWhole() throws Exception {
    Path home = installed(folder.resolve("a folder of mine"));
    var arguments = started(home, "chat", "my model.gguf", "-p", "two words");
    assertThat(arguments)
        .contains("my model.gguf", "two words")
        .contains(
            home.toRealPath().resolve("app/target/demur-app-1.jar")
                + ":"
                + home.toRealPath().resolve("app/target/lib/a b.jar"))
        .contains("--add-exports", "java.base/jdk.internal.module=ALL-UNNAMED")
        .doesNotContain("--add-modules");
  }

  /// E15: Windows was promised and had no launcher.
  @Test
  void theLauncherForWindowsStartsTheSameJava() throws IOException {
    String windows = Files.readString(Path.of("../demur.cmd"));
    assertThat(windows).contains("\\app\\target\\lib\\*", ";", "dev.demur.app.Main %*");
    assertThat(options(windows)).isEqualTo(options(Files.readString(LAUNCHER)));
  }

  /// What both hand to Java for every command.
  private static TreeSet<String> options(String script) {
    return new TreeSet<>(
        Pattern.compile(
                "(?:-XX:\\+UseSerialGC|--(?:enable-native-access|add-exports)[="
                    + " ][\\w./=-]+|-D[\\w.]+encoding=UTF-8)")
            .matcher(script)
            .results()
            .map(match -> match.group())
            .toList());
  }

  /// A folder that looks like a checkout that was built.
  private static Path installed(Path home) throws IOException {
    Path target = Files.createDirectories(home.resolve("app/target"));
    Files.createDirectories(target.resolve("lib"));
    for (String name : List.of("demur-app-1.jar", "lib/a b.jar", "built")) {
      Files.writeString(target.resolve(name), "");
    }
    Files.copy(LAUNCHER, home.resolve("demur"), StandardCopyOption.COPY_ATTRIBUTES);
    Path bin = Files.createDirectories(home.resolve("a jdk/bin"));
    Files.writeString(home.resolve("a jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    Path java = Files.writeString(bin.resolve("java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }

  private static List<String> started(Path home, String... words) throws Exception {
    var command = new ArrayList<>(List.of(home.resolve("demur").toString()));
    command.addAll(Arrays.asList(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("DEMUR_JAVA_HOME", home.resolve("a jdk").toString());
    builder.environment().put("DEMUR_REHEARSE", "no");
    var process = builder.start();
    process.getOutputStream().close();
    var lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).describedAs(String.join("\n", lines)).isZero();
    return lines;
  }
}
