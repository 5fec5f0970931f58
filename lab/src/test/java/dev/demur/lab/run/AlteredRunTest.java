package dev.demur.lab.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.Seeds;
import dev.demur.model.local.Readers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.apache.commons.rng.sampling.ListSampler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// D6: every byte of every file that a run folder keeps, changed: it is told, or it does not
/// matter, and the next run ends right.
class AlteredRunTest {

  private static final List<String> WORDS = List.of("full", "none", "partial", "full");

  /// In every build.
  private static final int FEW = 40;

  @TempDir private Path folder;

  private record Value(int number, String word) {}

  private record Row(int place, String label) {}

  /// A stage with a file of its own.
  private static final class Numbers implements Stage.OfFile<List<String>> {
    @Override
    public String name() {
      return "numbers";
    }

    @Override
    public Object inputs() {
      return "key";
    }

    @Override
    public String ending() {
      return ".txt";
    }

    @Override
    public String title() {
      return "numbers";
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public long tokens() {
      return 4;
    }

    @Override
    public List<String> compute() {
      return WORDS;
    }

    @Override
    public void write(List<String> output, Path file) throws IOException {
      Files.writeString(file, String.join("\n", output));
    }

    @Override
    public List<String> read(Path file) throws IOException {
      return Files.readAllLines(file);
    }
  }

  private static List<Object> work(Path folder) throws IOException {
    try (var store = RunStore.at(folder)) {
      var outputs = new ArrayList<Object>();
      outputs.add(
          store.get(
              new Stage.OfValue<>("value", "key", Value.class, _ -> new Value(7, "full")),
              Progress.silent()));
      outputs.add(store.get(new Numbers(), Progress.silent()));
      outputs.add(
          store.get(
              new Stage.OfGroups<>(
                  "rows",
                  "rows",
                  "key",
                  Row.class,
                  WORDS.size(),
                  Row::place,
                  2,
                  (places, rows) ->
                      places.forEach(place -> rows.accept(new Row(place, WORDS.get(place)))),
                  _ -> 1),
              Progress.silent()));
      store.timings(); // are read; what is lost of them is no result
      return outputs;
    }
  }

  private List<Object> undisturbed = List.of();
  private final TreeMap<Path, byte[]> written = new TreeMap<>();

  @BeforeEach
  void workOnce() throws IOException {
    undisturbed = work(folder);
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        written.put(file, Files.readAllBytes(file));
      }
    }
    assertThat(written.keySet())
        .extracting(file -> file.getFileName().toString().replaceAll("-[0-9a-f]{16}", ""))
        .containsExactlyInAnyOrder(
            ".lock",
            "value.json",
            "value.json.sha256",
            "numbers.txt",
            "numbers.txt.sha256",
            "rows.jsonl",
            "timings.jsonl");
  }

  @Test
  void aChangedBitIsToldOrDoesNotMatter() throws IOException {
    int told = 0;
    for (var place : places()) {
      byte[] changed = bytes(place.file());
      changed[place.at()] ^= (byte) (1 << place.at() % 8);
      told += check(place.file(), changed, "a bit of byte " + place.at());
    }
    assertThat(told).as("cases that were told").isGreaterThan(places().size() / 2);
  }

  @Test
  void aFileThatIsCutIsToldOrMadeAnew() throws IOException {
    for (var place : places()) {
      byte[] cut = Arrays.copyOf(bytes(place.file()), place.at());
      check(place.file(), cut, "cut to " + place.at());
    }
  }

  private record Place(Path file, int at) {}

  /// Some of all bytes of all files; `-Ddemur.faults=1000` takes so many.
  private List<Place> places() {
    var all = new ArrayList<Place>();
    written.forEach(
        (file, bytes) -> {
          for (int at = 0; at < bytes.length; at++) {
            all.add(new Place(file, at));
          }
        });
    ListSampler.shuffle(new Seeds(Long.getLong("tests.seed", 1)).generator("bytes"), all);
    return all.subList(0, Math.min(all.size(), Integer.getInteger("demur.faults", FEW)));
  }

  private byte[] bytes(Path file) {
    return requireNonNull(written.get(file)).clone();
  }

  /// D6: labels that were changed from FULL to NONE were believed.
  @Test
  void rowsThatChangePlacesAreTold() throws IOException {
    Path rows = only("rows-");
    var lines = Files.readAllLines(rows);
    for (var changed :
        List.of(
            List.of(lines.get(1), lines.get(0), lines.get(2), lines.get(3)),
            List.of(lines.get(0), lines.get(2), lines.get(3)),
            List.of(lines.get(0), lines.get(1), lines.get(1), lines.get(3)),
            List.of(lines.get(1), lines.get(2), lines.get(3)))) {
      byte[] bytes = (String.join("\n", changed) + "\n").getBytes(StandardCharsets.UTF_8);
      assertThat(check(rows, bytes, "other rows")).isOne();
    }
  }

  /// Changes a file, works twice, and puts the folder back.
  ///
  /// @return 1 where the change was told
  private int check(Path file, byte[] changed, String what) throws IOException {
    Files.write(file, changed);
    int told = 0;
    try {
      assertThat(work(folder)).as(file + ", " + what).isEqualTo(undisturbed);
    } catch (AlteredException e) {
      assertThat(e).hasMessageMatching("altered: " + folder + "/.+; delete it or run again");
      told = 1;
    }
    assertThat(work(folder)).as("run again, " + file + ", " + what).isEqualTo(undisturbed);
    for (var before : written.entrySet()) {
      Files.write(before.getKey(), before.getValue());
    }
    return told;
  }

  private Path only(String start) throws IOException {
    try (var files = Files.list(folder.resolve(RunFolder.STAGES))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(start))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aResultIsBelievedOnlyAsTheManifestSaysOfIt() throws IOException {
    var run = RunFolder.at(folder);
    Path result = run.write(RunFolder.REPORT, "{\"rate\": 0.5}", Readers.AS_USUAL);
    new Manifest(Manifest.Origin.of("test"), new LinkedHashMap<>(), List.of())
        .write(run, List.of(result));
    assertThat(run.verified(RunFolder.REPORT)).isEqualTo(result);
    byte[] bytes = Files.readAllBytes(result);
    for (int at = 0; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= 4;
      Files.write(result, changed);
      assertThatThrownBy(() -> run.verified(RunFolder.REPORT))
          .isInstanceOf(AlteredException.class)
          .hasMessage("altered: " + result + "; delete it or run again");
    }
    Files.write(result, bytes);
    byte[] manifest = Files.readAllBytes(run.file(RunFolder.MANIFEST));
    for (int at = 0; at < manifest.length; at++) { // told, or it says nothing of the file any more
      byte[] changed = manifest.clone();
      changed[at] ^= 4;
      Files.write(run.file(RunFolder.MANIFEST), changed);
      try {
        assertThat(run.verified(RunFolder.REPORT)).isEqualTo(result);
      } catch (AlteredException e) {
        assertThat(e).hasMessageContaining(RunFolder.REPORT);
      }
    }
  }
}
