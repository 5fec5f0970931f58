package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A study of the demo model, which goes through every stage, killed at random moments: SIGKILL to
/// a process of its own, after which the same command goes on.
class KilledStudyTest {

  private static final int KILLS = 20;

  /// From the first stage to the end an undisturbed small study takes about 2 s; kills within this
  /// time hit all of it, since what is finished is not done again.
  private static final int LONGEST_MILLIS = 1200;

  @TempDir private static Path folder;
  private static JsonNode undisturbed;

  private final Seeds seeds = new Seeds(Long.getLong("tests.seed", 1));
  private final UniformRandomProvider random = seeds.generator("kills");

  @BeforeAll
  static void study() {
    undisturbed = finished(folder.resolve("undisturbed"));
  }

  @Test
  void aStudyKilledTwentyTimesEndsInTheSameReport() throws Exception {
    var runs = new ArrayList<Path>();
    runs.add(folder.resolve("killed-0"));
    var left = new ArrayList<Integer>();
    while (left.size() < KILLS) {
      Path run = runs.getLast();
      if (isKilled(run)) {
        left.add(files(run.resolve("stages")));
      } else { // it came to its end before
        runs.add(folder.resolve("killed-" + runs.size()));
      }
    }
    assertThat(Set.copyOf(left)).as("kills at different stages: " + left).hasSizeGreaterThan(3);
    for (Path run : runs) {
      assertThat(differences("", finished(run), undisturbed))
          .as(run.getFileName() + ", -Dtests.seed=" + seeds.root())
          .isEmpty();
    }
  }

  /// Where two reports differ, a line each: the path, what is there, what was expected.
  private static List<String> differences(String path, JsonNode is, JsonNode expected) {
    if (is.isObject() && expected.isObject()) {
      var names = new TreeSet<>(is.propertyNames());
      names.addAll(expected.propertyNames());
      return names.stream()
          .flatMap(
              name -> differences(path + "/" + name, is.path(name), expected.path(name)).stream())
          .toList();
    }
    if (is.isArray() && expected.isArray() && is.size() == expected.size()) {
      return IntStream.range(0, is.size())
          .boxed()
          .flatMap(i -> differences(path + "/" + i, is.path(i), expected.path(i)).stream())
          .toList();
    }
    return is.equals(expected) ? List.of() : List.of(path + ": " + is + ", not " + expected);
  }

  /// Starts the study and kills it somewhere between its first stage and its end.
  private boolean isKilled(Path run) throws Exception {
    var process = Cli.start("", List.of(), words(run));
    // The lock is written when the model is loaded and the first stage begins.
    Path lock = run.resolve(".lock");
    String holder = "process " + process.pid();
    while (process.isAlive() && !(Files.exists(lock) && Files.readString(lock).equals(holder))) {
      Thread.sleep(5);
    }
    boolean ended = process.waitFor(random.nextInt(LONGEST_MILLIS), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    return !ended;
  }

  private static int files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return (int) files.count();
    }
  }

  /// The report of the study when it has come to its end.
  private static JsonNode finished(Path run) {
    var outcome = Cli.run(words(run));
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    var report = JsonMapper.shared().readTree(run.resolve("report.json"));
    // Times are what an interruption changes: the sum of what was spent, lost work included.
    ((ObjectNode) report.path("study")).remove("timings");
    ((ObjectNode) report.path("tables")).remove("timings");
    return report;
  }

  private static Object[] words(Path run) {
    return new Object[] {
      "study",
      "demo",
      "--train",
      16,
      "--val",
      8,
      "--harmful-prompts",
      6,
      "--harmless-prompts",
      6,
      "--max-new-tokens",
      12,
      "--judge",
      "substring-normalised,lexicon,first-token",
      "--out",
      run
    };
  }
}
