package dev.demur.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingRowsTest {

  @TempDir private Path folder;

  /// A row that knows which others it was done with.
  record Piece(int place, List<Integer> group) {}

  @Test
  void aGroupOfWhichARowIsMissingIsDoneWhole() throws IOException {
    try (var store = RunStore.at(folder)) {
      var whole = store.get(pieces("whole", MissingRowsTest::make), Progress.silent());
      assertThat(whole).extracting(Piece::place).containsExactly(0, 1, 2, 3, 4, 5, 6);
      assertThat(whole.get(4).group()).containsExactly(3, 4, 5);
      assertThat(whole.getLast().group()).containsExactly(6);

      var done = new ArrayList<List<Integer>>();
      assertThatThrownBy(() -> store.get(pieces("resumed", stoppingAt(4)), Progress.silent()))
          .hasMessage("stopped");
      var resumed =
          store.get(
              pieces(
                  "resumed",
                  (places, rows) -> {
                    done.add(places);
                    make(places, rows);
                  }),
              Progress.silent());
      assertThat(resumed).isEqualTo(whole);
      assertThat(done).containsExactly(List.of(3, 4, 5), List.of(6));
    }
  }

  @Test
  void whatIsThereIsNotDoneAgain() throws IOException {
    try (var store = RunStore.at(folder)) {
      var whole = store.get(pieces("whole", MissingRowsTest::make), Progress.silent());
      assertThat(store.get(pieces("whole", (_, _) -> fail()), Progress.silent())).isEqualTo(whole);
    }
  }

  @Test
  void aRowThatCannotBeWrittenIsTheCallersToHandle() throws IOException {
    try (var store = RunStore.at(folder)) {
      Stage<List<Piece>> broken =
          pieces(
              "broken",
              (_, _) -> {
                throw new UncheckedIOException(new IOException("disk full"));
              });
      assertThatThrownBy(() -> store.get(broken, Progress.silent()))
          .isInstanceOf(IOException.class)
          .hasMessage("disk full");
    }
  }

  private static void fail() {
    throw new AssertionError("nothing was missing");
  }

  private static void make(List<Integer> places, Consumer<Piece> rows) {
    places.forEach(place -> rows.accept(new Piece(place, places)));
  }

  /// Stands for a process that is killed when a row was written.
  private static MissingRows.Work<Piece> stoppingAt(int last) {
    return (places, rows) -> {
      for (int place : places) {
        if (place > last) {
          throw new IllegalStateException("stopped");
        }
        rows.accept(new Piece(place, places));
      }
    };
  }

  private static Stage.OfGroups<Piece> pieces(String key, MissingRows.Work<Piece> work) {
    return new Stage.OfGroups<>("pieces", key, key, Piece.class, 7, Piece::place, 3, work, _ -> 0);
  }
}
