package dev.demur.lab.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// Rows of work done in groups, of which a journal may hold some already.
///
/// Groups are always the same, and one of which any row is missing is done whole: what lies in a
/// batch together moves the last digits of a sum, so a run that was stopped would otherwise not end
/// in the same numbers.
///
/// @param <T> the row's record
/// @param name what is being done, for people
/// @param size how many rows there will be
/// @param together rows of a group
/// @param place which one a row is, from 0
/// @param journal what an earlier run has left, and where new rows go
/// @param progress told of every row
public record MissingRows<T>(
    String name,
    int size,
    int together,
    ToIntFunction<T> place,
    Journal<T> journal,
    Progress progress) {

  public MissingRows {
    if (together < 1) {
      throw new IllegalArgumentException("a group needs at least one row, was " + together);
    }
  }

  /// Does the work of one group.
  ///
  /// @param <T> the row's record
  @FunctionalInterface
  public interface Work<T> {

    /// @param places of the group, ascending
    /// @param rows told of each row, once
    void run(List<Integer> places, Consumer<T> rows);
  }

  /// Does what is missing.
  ///
  /// @return all rows, in order of their places
  /// @throws IOException if a row cannot be written
  public List<T> fill(Work<T> work) throws IOException {
    var missing = new TreeSet<>(IntStream.range(0, size).boxed().toList());
    journal.rows().forEach(row -> missing.remove(place.applyAsInt(row)));
    try (var task = progress.start(name, size)) {
      task.advance(size - missing.size());
      for (int from = 0; from < size; from += together) {
        var group = IntStream.range(from, Math.min(size, from + together)).boxed().toList();
        if (group.stream().anyMatch(missing::contains)) {
          work.run(
              group,
              row -> {
                if (missing.remove(place.applyAsInt(row))) {
                  append(row);
                  task.advance(1);
                }
              });
        }
      }
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
