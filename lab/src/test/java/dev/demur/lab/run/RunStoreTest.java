package dev.demur.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {

  private record Value(int number) {}

  @TempDir private Path folder;

  @Test
  void computesAValueOncePerKey() throws IOException {
    var computed = new AtomicInteger();
    try (var store = RunStore.at(folder)) {
      for (String key : List.of("a", "a", "b")) {
        value(store, key, computed.incrementAndGet());
      }
    }
    try (var again = RunStore.at(folder)) {
      assertThat(value(again, "a", -1).number()).as("an earlier process computed it").isEqualTo(1);
      assertThat(value(again, "b", -1).number()).isEqualTo(3);
    }
  }

  @Test
  void dropsALineAKillHasCutShort() throws IOException {
    var store = RunStore.at(folder);
    assertThatThrownBy(() -> store.get(rows(2), Progress.silent())).hasMessage("stopped");
    store.close();
    Path file = only(".jsonl");
    Files.writeString(file, "{\"sha", StandardOpenOption.APPEND);
    try (var again = RunStore.at(folder)) {
      assertThat(again.get(rows(9), Progress.silent()))
          .containsExactly(new Value(0), new Value(1), new Value(2), new Value(3));
    }
    assertThat(Files.readAllLines(file)).hasSize(4).last().asString().endsWith("{\"number\":3}}");
  }

  @Test
  void saysWhoHoldsTheFolder() throws IOException {
    try (var store = RunStore.at(folder)) {
      assertThat(store.folder().path()).isEqualTo(folder);
      assertThatThrownBy(() -> RunStore.at(folder))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another study is at work")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    RunStore.at(folder).close();
  }

  @Test
  void sumsTheTimeOfAStageOverInterruptions() throws IOException {
    for (int last : List.of(1, 9)) {
      try (var store = RunStore.at(folder)) {
        store.get(rows(last), Progress.silent());
      } catch (IllegalStateException _) {
        // Stopped, so its time is lost.
      }
    }
    try (var store = RunStore.at(folder)) {
      store.get(rows(9), Progress.silent());
      assertThat(store.timings()).singleElement().isEqualTo(store.timings().getFirst());
      assertThat(store.timings().getFirst().stage()).isEqualTo("rows");
      assertThat(store.timings().getFirst().tokens()).isEqualTo(3);
    }
  }

  private static Value value(RunStore store, String key, int number) throws IOException {
    return store.get(
        new Stage.OfValue<>("stage", key, Value.class, _ -> new Value(number)), Progress.silent());
  }

  /// Four rows, of which no more than so many are made.
  private static Stage<List<Value>> rows(int most) {
    return new Stage.OfGroups<>(
        "rows",
        "rows",
        "key",
        Value.class,
        4,
        Value::number,
        1,
        (places, rows) -> {
          if (places.getFirst() >= most) {
            throw new IllegalStateException("stopped");
          }
          rows.accept(new Value(places.getFirst()));
        },
        _ -> 1);
  }

  private Path only(String ending) throws IOException {
    try (var files = Files.list(folder.resolve("stages"))) {
      return files
          .filter(file -> file.toString().endsWith(ending) && !file.toString().contains("timings"))
          .reduce((one, other) -> Assertions.fail(one + " and " + other))
          .orElseThrow();
    }
  }
}
