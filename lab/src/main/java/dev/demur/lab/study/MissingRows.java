package dev.demur.lab.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// Rows of work done piece by piece, of which a journal may hold some already.
///
/// @param <T> the row's record
/// @param name what is being done, for people
/// @param size how many rows there will be
/// @param place which one a row is, from 0
/// @param journal what an earlier run has left, and where new rows go
/// @param progress told of every row
public record MissingRows<T>(
    String name, int size, ToIntFunction<T> place, Journal<T> journal, Progress progress) {

  /// Does the work at some places.
  ///
  /// @param <T> the row's record
  @FunctionalInterface
  public interface Work<T> {

    /// @param rows told of each row, once
    void run(List<Integer> places, Consumer<T> rows);
  }

  /// Does what is missing.
  ///
  /// @return all rows, in order of their places
  /// @throws IOException if a row cannot be written
  public List<T> fill(Work<T> work) throws IOException {
    try (var task = progress.start(name, size)) {
      var missing = new TreeSet<>(IntStream.range(0, size).boxed().toList());
      journal.rows().forEach(row -> missing.remove(place.applyAsInt(row)));
      task.advance(size - missing.size());
      work.run(
          List.copyOf(missing),
          row -> {
            append(row);
            task.advance(1);
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return journal.rows().stream().sorted(Comparator.comparingInt(place)).toList();
  }

  private void append(T row) {
    try {
      journal.append(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
