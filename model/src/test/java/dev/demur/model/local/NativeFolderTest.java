package dev.demur.model.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// D4: whatever the home and the temporary folder are, native code comes from a private folder.
/// Each case is a process of its own that prints what it has mapped.
@EnabledOnOs(OS.LINUX) // has /proc
class NativeFolderTest {

  /// Where the libraries of the system and of Java lie.
  private static final List<String> TRUSTED =
      List.of("/usr/", "/lib", "/opt/", System.getProperty("java.home"));

  @TempDir Path temporary;

  /// How a process ended.
  private record Ended(int code, String out, String err) {

    List<String> foreign() {
      return out.lines()
          .filter(file -> TRUSTED.stream().noneMatch(file::startsWith))
          .map(file -> file.replace(" (deleted)", ""))
          .toList();
    }
  }

  @Test
  void allNativeCodeComesFromThePrivateFolder() throws Exception {
    var ended = run(Map.of("DEMUR_TORCH", ""), List.of(), "torch"); // the bundled one
    assertThat(ended.code()).describedAs(ended.err()).isZero();
    String folder = UserCache.folder().toRealPath().resolve("native") + "/";
    assertThat(ended.foreign())
        .isNotEmpty()
        .allSatisfy(file -> assertThat(file).startsWith(folder))
        .anyMatch(file -> file.endsWith("/libtorch_cpu.so"));
  }

  @Test
  void withoutAHomeItIsAFolderOfThisRunAndNotWhatOthersPutIntoTheTemporaryOne() throws Exception {
    Path planted = temporary.resolve(".javacpp/cache/libjnijavacpp.so");
    Files.createDirectories(planted.getParent());
    Files.writeString(planted, "planted");
    var ended =
        run(
            Map.of("XDG_CACHE_HOME", ""),
            List.of("-Duser.home=?", "-Djava.io.tmpdir=" + temporary),
            "javacpp");
    assertThat(ended.code()).describedAs(ended.err()).isZero();
    assertThat(ended.foreign())
        .isNotEmpty()
        .allSatisfy(file -> assertThat(file).startsWith(temporary.toRealPath() + "/demur-"));
    assertThat(ended.err()).contains("for this run only").contains("Set XDG_CACHE_HOME");
    try (var left = Files.list(temporary)) {
      assertThat(left).containsExactly(temporary.resolve(".javacpp"));
    }
  }

  @Test
  void aFolderOthersMayWriteToIsRefusedInOneLine() throws Exception {
    Path folder = Files.createDirectories(temporary.resolve("demur/native"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    var ended = run(Map.of("XDG_CACHE_HOME", temporary.toString()), List.of(), "javacpp");
    assertThat(ended.code()).isNotZero();
    assertThat(ended.err())
        .contains("native libraries are not loaded from here, because it may be changed");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  /// JavaCPP loaded what a killed process had left of a library, which ends with a bus error.
  @Test
  void aLibraryThatWasCutIsUnpackedAnew() throws Exception {
    var environment = Map.of("XDG_CACHE_HOME", temporary.toString());
    assertThat(run(environment, List.of(), "javacpp").code()).isZero();
    Path library;
    try (var files = Files.walk(temporary)) {
      library = files.filter(f -> f.endsWith("libjnijavacpp.so")).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(library);
    var time = Files.getLastModifiedTime(library);
    for (int length : List.of(0, whole.length / 2, whole.length - 1)) {
      Files.write(library, Arrays.copyOf(whole, length));
      Files.setLastModifiedTime(library, time);
      var ended = run(environment, List.of(), "javacpp");
      assertThat(ended.code()).describedAs(ended.err()).isZero();
      assertThat(library).hasBinaryContent(whole);
    }
  }

  private static Ended run(Map<String, String> environment, List<String> jvm, String... args)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LoadsNatives.class.getName());
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Path err = Files.createTempFile("natives", ".err");
    try {
      var process = builder.redirectError(err.toFile()).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), out, Files.readString(err));
    } finally {
      Files.deleteIfExists(err);
    }
  }
}
