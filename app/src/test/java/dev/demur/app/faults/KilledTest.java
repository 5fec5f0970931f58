package dev.demur.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.faults.Faults.Kind;
import dev.demur.lab.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Commands killed by SIGKILL again and again, after which the same command goes on: what it ends
/// in is what an undisturbed run ends in, and what has its name in between is whole.
///
/// A few in every build; `-Ddemur.kills=20` kills every command that writes so often, and
/// `-Ddemur.kills.of=study,edit` some of them.
@Order(1) // the slowest begin first
@ResourceLock(value = Resources.SYSTEM_OUT, mode = ResourceAccessMode.READ)
@DisabledOnOs(OS.WINDOWS) // has no SIGKILL
class KilledTest {

  private static final int KILLED = 128 + 9;

  private static final Pattern LEFT =
      Pattern.compile("demur: (/\\S+): left by an edit that was stopped.*delete it.*");

  /// To be counted by a run in a process of its own, which takes some seconds.
  private static final int COUNTED = 0;

  @TempDir private static Path folder;
  private static Peers peers;

  private final Path out = folder.resolve("out");

  @BeforeAll
  static void prepare() throws IOException {
    folder = folder.toRealPath();
    Inputs.make(folder);
    peers = new Peers();
  }

  @AfterAll
  static void end() {
    peers.close();
  }

  static Stream<Arguments> works() {
    int kills = Integer.getInteger("demur.kills", 0);
    var chosen = List.of(System.getProperty("demur.kills.of", "").split(","));
    if (kills == 0) {
      return Stream.of(Arguments.of("study", 3, 460), Arguments.of("edit", 1, 80));
    }
    return Work.in(folder).stream()
        .map(Work::name)
        .filter(name -> chosen.contains("") || chosen.contains(name))
        .map(name -> Arguments.of(name, kills, COUNTED));
  }

  /// How a process ended.
  private record Ended(int code, List<String> lines) {

    String message() {
      return lines.stream().filter(line -> line.startsWith("demur: ")).reduce("", (_, b) -> b);
    }

    long operations() {
      return Long.parseLong(lines.getLast());
    }
  }

  @ParameterizedTest
  @MethodSource("works")
  void aKilledCommandEndsAsAnUndisturbedOne(String name, int kills, int some) throws Exception {
    var seeds = new Seeds(Long.getLong("tests.seed", 1));
    var random = seeds.generator("kills of " + name);
    fresh();
    var undisturbed = whole(name, some);
    assertThat(undisturbed.code()).as(undisturbed.message()).isZero();
    var expected = Results.of(out);
    int operations = some == COUNTED ? Math.toIntExact(undisturbed.operations()) : some;
    fresh();
    int killed = 0;
    int ended = 0;
    var moments = new ArrayList<String>();
    while (killed < kills) {
      int at = 1 + random.nextInt(operations);
      var kind = random.nextBoolean() ? Kind.KILLED : Kind.KILLED_HALF;
      var run = run(name, at, kind);
      moments.add(at + (run.code() == KILLED ? "" : " (ended)"));
      String what = name + ", seed " + seeds.root() + ", killed at " + moments;
      if (run.code() == KILLED) {
        killed++;
        for (var result : Results.of(out).entrySet()) {
          assertThat(result.getValue())
              .as(what + ": " + result.getKey())
              .isEqualTo(expected.get(result.getKey()));
        }
      } else if (isToldWhatToDelete(run)) {
        continue;
      } else {
        same(what, run, expected);
        ended++;
        fresh();
      }
    }
    var last = whole(name, some);
    if (isToldWhatToDelete(last)) {
      last = whole(name, some);
    }
    same(name + ", killed at " + moments, last, expected);
    System.out.printf(
        "KILLED\t%s\t%d kills\t%d times ended in between\t%d operations%n",
        name, killed, ended, operations);
  }

  private static void same(String what, Ended run, Map<String, String> expected)
      throws IOException {
    if (!run.message().contains("exists already")) { // whole, though the process was killed after
      assertThat(run.code()).as(what + ": " + run.message()).isZero();
    }
    assertThat(Results.of(folder.resolve("out"))).as(what).isEqualTo(expected);
  }

  /// A folder that an edit was writing is not gone on with; it is to be deleted.
  private static boolean isToldWhatToDelete(Ended run) throws IOException {
    var told = LEFT.matcher(run.message());
    if (run.code() != ExitCode.BAD_INPUT || !told.matches()) {
      return false;
    }
    Results.delete(Path.of(told.group(1)));
    return true;
  }

  private void fresh() throws IOException {
    Results.delete(out);
    Files.createDirectory(out);
  }

  /// Without a kill: in this process, where its operations need not be counted.
  private Ended whole(String name, int some) throws Exception {
    if (some == COUNTED) {
      return run(name, 0, Kind.KILLED);
    }
    var outcome = Work.named(name, folder).run();
    return new Ended(outcome.code(), outcome.err().lines().toList());
  }

  private Ended run(String name, int at, Kind kind) throws Exception {
    var process =
        FailingJvm.start(
            ToBeKilled.class,
            peers.environment(folder),
            List.of(folder.toString(), name, String.valueOf(at), kind.name()));
    process.getOutputStream().close();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), text.lines().toList());
  }
}
