package dev.demur.lab.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// The rows of a stage that an earlier run has not left; each is kept as it comes. Changed by every
/// row.
///
/// @param <R> the row's record
public final class MissingRows<R> {

  private final Stage.OfRows<R> stage;
  private final Journal<R> journal;
  private final Progress.Task task;
  private final TreeSet<Integer> missing;
  private final List<R> added = new ArrayList<>();

  MissingRows(Stage.OfRows<R> stage, Journal<R> journal, Progress.Task task) {
    this.stage = stage;
    this.journal = journal;
    this.task = task;
    this.missing = new TreeSet<>(IntStream.range(0, stage.size()).boxed().toList());
    journal.rows().forEach(row -> missing.remove(stage.place(row)));
    task.advance(stage.size() - missing.size());
  }

  /// Places of the rows that are not there, ascending.
  public synchronized List<Integer> places() {
    return List.copyOf(missing);
  }

  /// Every row there is: those of earlier runs, then those made here.
  public List<R> rows() {
    return journal.rows();
  }

  /// Rows made here so far.
  public synchronized List<R> added() {
    return List.copyOf(added);
  }

  /// Keeps a row; one that is there already is passed over.
  ///
  /// @throws IOException if it cannot be written
  public synchronized void add(R row) throws IOException {
    if (missing.contains(stage.place(row))) {
      journal.append(row);
      missing.remove(stage.place(row));
      added.add(row);
      task.advance(1);
    }
  }

  /// Does the work of one group.
  ///
  /// @param <R> the row's record
  @FunctionalInterface
  public interface Work<R> {

    /// @param places of the group, ascending
    /// @param rows receives each row, once
    void run(List<Integer> places, Consumer<R> rows);
  }

  /// Makes what is missing in groups.
  ///
  /// Groups are always the same, and one of which any row is missing is done whole: what lies in a
  /// batch together moves the last digits of a sum, so a run that was stopped would otherwise not
  /// end in the same numbers.
  ///
  /// @param together rows of a group
  /// @throws IOException if a row cannot be written
  public void inGroups(int together, Work<R> work) throws IOException {
    if (together < 1) {
      throw new IllegalArgumentException("a group needs at least one row, was " + together);
    }
    try {
      var places = places();
      var groups =
          IntStream.iterate(0, from -> from < stage.size(), from -> from + together)
              .mapToObj(from -> IntStream.range(from, Math.min(stage.size(), from + together)))
              .map(group -> group.boxed().toList())
              .filter(group -> group.stream().anyMatch(places::contains))
              .toList();
      Workers.each(groups, group -> done(work, group));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private List<Integer> done(Work<R> work, List<Integer> group) {
    work.run(group, this::addUnchecked);
    return group;
  }

  private void addUnchecked(R row) {
    try {
      add(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
