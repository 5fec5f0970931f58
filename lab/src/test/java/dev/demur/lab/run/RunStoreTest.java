package dev.demur.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
        store.value("stage", key, Value.class, () -> new Value(computed.incrementAndGet()));
      }
    }
    try (var again = RunStore.at(folder)) {
      assertThat(again.value("stage", "a", Value.class, () -> new Value(-1)).number())
          .as("an earlier process computed it")
          .isEqualTo(1);
    }
    assertThat(computed).hasValue(2);
  }

  @Test
  void dropsALineAKillHasCutShort() throws IOException {
    Path file;
    try (var store = RunStore.at(folder)) {
      file = store.path("rows", "key", ".jsonl");
      try (var journal = store.journal("rows", "key", Value.class)) {
        journal.append(new Value(1));
        journal.append(new Value(2));
      }
    }
    Files.writeString(file, "{\"numb", StandardOpenOption.APPEND);
    try (var store = RunStore.at(folder);
        var journal = store.journal("rows", "key", Value.class)) {
      assertThat(journal.rows()).containsExactly(new Value(1), new Value(2));
      journal.append(new Value(3));
    }
    assertThat(Files.readAllLines(file)).hasSize(3).last().isEqualTo("{\"number\":3}");
  }

  @Test
  void saysWhoHoldsTheFolder() throws IOException {
    try (var store = RunStore.at(folder)) {
      assertThat(store.folder()).isEqualTo(folder);
      assertThatThrownBy(() -> RunStore.at(folder))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another study is at work")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    RunStore.at(folder).close();
  }

  @Test
  void namesTheFileThatIsNotOurs() throws IOException {
    try (var store = RunStore.at(folder)) {
      Path file = store.path("stage", "key", ".json");
      Files.writeString(file, "[1,");
      assertThatThrownBy(() -> store.value("stage", "key", Value.class, () -> new Value(1)))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": ")
          .hasMessageContaining("delete it");
    }
  }

  @Test
  void sumsTheTimeOfAStageOverInterruptions() throws IOException {
    for (double seconds : List.of(1.5, 2.0)) {
      try (var store = RunStore.at(folder)) {
        store.spent(new StageTiming("select", seconds, 10));
      }
    }
    try (var store = RunStore.at(folder)) {
      assertThat(store.timings()).containsExactly(new StageTiming("select", 3.5, 20));
    }
  }
}
