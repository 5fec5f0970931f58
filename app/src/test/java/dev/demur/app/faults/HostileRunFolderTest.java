package dev.demur.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import dev.demur.kit.Checkpoints;
import dev.demur.lab.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.sampling.ListSampler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// D5, D6: a study's run folder as a stranger may have left it. Each of its files is changed, or
/// stands for something else; `-Ddemur.faults=1000` tries as many, a few in every build.
@ResourceLock(value = Resources.SYSTEM_OUT, mode = ResourceAccessMode.READ)
@DisabledOnOs(OS.WINDOWS) // has no pipes, and links only for some
@Timeout(3600)
class HostileRunFolderTest {

  private static final int FEW = 12;

  private static final String SECRET = "this file belongs to somebody else\n";

  @TempDir private static Path shared;

  private static Path done = Path.of("");
  private static Map<String, String> expected = Map.of();

  private final Path run = shared.resolve("run");
  private final Path victim = shared.resolve("victim");
  private final Seeds seeds = new Seeds(Long.getLong("tests.seed", 1));

  @BeforeAll
  static void study() throws IOException {
    Cli.data(shared);
    var outcome = work();
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    expected = Results.of(shared.resolve("run"));
    done = shared.resolve("done");
    Results.copy(shared.resolve("run"), done);
  }

  @BeforeEach
  void begin() throws IOException {
    Results.copy(done, run);
    Files.writeString(victim, SECRET);
  }

  private static Cli.Outcome work() {
    return Cli.run(
        Work.study(
            Checkpoints.named("llama-gqa-tied"),
            shared.resolve("run"),
            "--data",
            shared.resolve("data"),
            "--max-new-tokens",
            4));
  }

  /// Something that is not what a run has written.
  private enum Stranger {
    CHANGED_BIT,
    LINK,
    LINK_TO_A_DEVICE,
    PIPE,
    FOLDER,
    NOTHING
  }

  private record Case(String file, Stranger stranger) {}

  @Test
  void aChangedOrStrangeFileEndsInOneLineOrTheRightResultAndALaterRunSucceeds() throws Exception {
    var cases = new ArrayList<Case>();
    try (var files = Files.walk(done)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        for (var stranger : Stranger.values()) {
          cases.add(new Case(done.relativize(file).toString(), stranger));
        }
      }
    }
    ListSampler.shuffle(seeds.generator("strangers"), cases);
    int count = Integer.getInteger("demur.faults", FEW);
    int told = 0;
    for (int i = 0; i < count; i++) {
      var one = cases.get(i % cases.size());
      begin();
      put(one, i);
      told += check(one);
    }
    System.out.printf("%d strangers in a run folder: %d told%n", count, told);
  }

  private void put(Case one, int number) throws Exception {
    Path file = run.resolve(one.file());
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    switch (one.stranger()) {
      case CHANGED_BIT -> {
        if (bytes.length > 0) {
          int at = seeds.generator(one + " " + number).nextInt(bytes.length);
          bytes[at] ^= (byte) (1 << number % 8);
        }
        Files.write(file, bytes);
      }
      case LINK -> Files.createSymbolicLink(file, victim);
      case LINK_TO_A_DEVICE -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
      case PIPE ->
          assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
      case FOLDER -> Files.createDirectory(file);
      case NOTHING -> {}
    }
  }

  /// @return 1 where it was told
  private int check(Case one) throws IOException {
    int told = 0;
    var outcome = work();
    for (int i = 0; i < 3 && outcome.code() != 0; i++) {
      told = 1;
      assertThat(outcome.code()).as(one + ": " + outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
      String message = outcome.messages().getLast();
      assertThat(message)
          .as(one.toString())
          .contains(run.toString())
          .containsIgnoringCase("delete it");
      if (!message.contains("run again")) {
        Results.delete(run.resolve(one.file()));
      }
      outcome = work();
    }
    assertThat(outcome.code()).as(one + ": " + outcome.err()).isZero();
    assertThat(Results.of(run)).as(one.toString()).isEqualTo(expected);
    assertThat(victim).as(one.toString()).hasContent(SECRET);
    return told;
  }

  @Test
  void linksInPlaceOfFoldersLeadNowhere() throws IOException {
    Path elsewhere = Files.createDirectories(shared.resolve("elsewhere"));
    for (String name : List.of("stages", "tables", "completions", "")) {
      begin();
      Path link = name.isEmpty() ? run : run.resolve(name);
      Results.delete(link);
      Files.createSymbolicLink(link, elsewhere);
      var outcome = work();
      assertThat(outcome.code()).as(name + outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(outcome.messages().getLast()).contains(link.toString(), "link");
      assertThat(elsewhere).isEmptyDirectory();
      Files.delete(link);
    }
  }

  /// D5: `ln -s VICTIM run/report.html.part; demur report run` overwrote VICTIM.
  @Test
  void namesOfTemporaryFilesCannotBeGuessed() throws IOException {
    for (String name :
        List.of(
            "report.html.part",
            ".report.html.part",
            "report.json.part",
            ".report.html.0000000000000000.part",
            "manifest.json.part")) {
      Files.createSymbolicLink(run.resolve(name), victim);
    }
    var outcome = Cli.run("report", run);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(victim).hasContent(SECRET);
    assertThat(work().code()).isZero();
    assertThat(victim).hasContent(SECRET);
  }

  @Test
  void linksInPlaceOfResultsAreReplacedAndNotFollowed() throws IOException {
    for (String name : List.of("report.html", "report.md", "tables/rates.csv", "manifest.json")) {
      Files.deleteIfExists(run.resolve(name));
      Files.createSymbolicLink(run.resolve(name), victim);
    }
    var outcome = Cli.run("report", run);
    assertThat(outcome.code()).isIn(ExitCode.OK, ExitCode.BAD_INPUT);
    assertThat(victim).hasContent(SECRET);
  }

  @Test
  void aChangedResultIsToldByWhoeverReadsIt() throws IOException {
    Path file = run.resolve("report.json");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    var outcome = Cli.run("report", run);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages())
        .containsExactly("demur: altered: " + file + "; delete it or run again");
  }

  /// D12: files of `--keep-completions` were readable by everybody.
  @Test
  void whatModelsWroteIsTheirOwnersAlone() throws IOException {
    try (var files = Files.walk(run)) {
      for (Path file : files.toList()) {
        String name = run.relativize(file).toString();
        if (name.matches("stages.*|completions.*|report\\.(html|md|json)")) {
          assertThat(
                  PosixFilePermissions.toString(
                      Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)))
              .as(name)
              .endsWith("------");
        }
      }
    }
  }
}
