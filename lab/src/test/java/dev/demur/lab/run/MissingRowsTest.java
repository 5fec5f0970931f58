package dev.demur.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingRowsTest {

  @TempDir private Path folder;

  /// A row that knows which others it was done with.
  record Piece(int place, List<Integer> group) {}

  @Test
  void aGroupOfWhichARowIsMissingIsDoneWhole() throws IOException {
    try (var store = RunStore.at(folder)) {
      var whole = fill(store, "whole", List.of());
      var resumed = fill(store, "resumed", whole.subList(0, 4));
      assertThat(resumed).isEqualTo(whole);
      assertThat(whole).extracting(Piece::place).containsExactly(0, 1, 2, 3, 4, 5, 6);
      assertThat(whole.get(4).group()).containsExactly(3, 4, 5);
      assertThat(whole.getLast().group()).containsExactly(6);
    }
  }

  @Test
  void whatIsThereIsNotDoneAgain() throws IOException {
    try (var store = RunStore.at(folder)) {
      var whole = fill(store, "whole", List.of());
      try (var journal = store.journal("pieces", "again", Piece.class)) {
        for (var row : whole) {
          journal.append(row);
        }
        var rows = new MissingRows<>("again", 7, 3, Piece::place, journal, Progress.silent());
        assertThat(rows.fill((_, _) -> fail())).isEqualTo(whole);
      }
    }
  }

  @Test
  void aRowThatCannotBeWrittenIsTheCallersToHandle() throws IOException {
    try (var store = RunStore.at(folder);
        var journal = store.journal("pieces", "broken", Piece.class)) {
      var rows = new MissingRows<>("broken", 7, 3, Piece::place, journal, Progress.silent());
      assertThatThrownBy(
              () ->
                  rows.fill(
                      (_, _) -> {
                        throw new UncheckedIOException(new IOException("disk full"));
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("disk full");
    }
  }

  private static void fail() {
    throw new AssertionError("nothing was missing");
  }

  private static List<Piece> fill(RunStore store, String key, List<Piece> there)
      throws IOException {
    try (var journal = store.journal("pieces", key, Piece.class)) {
      for (var row : there) {
        journal.append(row);
      }
      var done = new ArrayList<List<Integer>>();
      var rows =
          new MissingRows<>(key, 7, 3, Piece::place, journal, Progress.silent())
              .fill(
                  (places, told) -> {
                    done.add(places);
                    places.forEach(place -> told.accept(new Piece(place, places)));
                  });
      assertThat(done).hasSize(there.isEmpty() ? 3 : 2);
      return rows;
    }
  }
}
