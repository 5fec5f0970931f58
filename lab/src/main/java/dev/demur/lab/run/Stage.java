package dev.demur.lab.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/// Work whose output a run folder remembers: the same inputs are worked on once.
///
/// A stage says what it is called, what decides its output, and how it is done; [RunStore#get] does
/// what is not done yet, times it and keeps it. Its output is found again by the hash of name,
/// version and inputs, never by "the file exists".
///
/// @param <O> the output
public sealed interface Stage<O> {

  /// Name in files and timings, of letters and `-`.
  String name();

  /// Raised when the same inputs come to mean another output.
  default int version() {
    return 1;
  }

  /// All that decides the output, writable as JSON.
  Object inputs();

  /// A stage whose output is one record.
  ///
  /// @param <O> the record
  /// @param name in files and timings
  /// @param inputs all that decides the output
  /// @param type the record
  /// @param body computes it
  record OfValue<O>(String name, Object inputs, Class<O> type, Body<O> body) implements Stage<O> {

    /// Computes the output.
    @FunctionalInterface
    public interface Body<O> {
      O compute(Progress progress) throws IOException;
    }
  }

  /// A stage whose output is many rows, kept one by one: a run that is stopped loses none of those
  /// it has made.
  ///
  /// @param <R> the row's record
  non-sealed interface OfRows<R> extends Stage<List<R>> {

    /// The row's record.
    Class<R> type();

    /// What is being done, for people.
    String title();

    /// How many rows there will be.
    int size();

    /// Which one a row is, from 0.
    int place(R row);

    /// Makes the rows that are not there yet.
    ///
    /// @return tokens run through the model
    long make(MissingRows<R> missing) throws IOException;
  }

  /// A stage whose rows are made in groups, as [MissingRows#inGroups] says.
  ///
  /// @param <R> the row's record
  /// @param name in files and timings
  /// @param title what is being done, for people
  /// @param inputs all that decides the output
  /// @param type the row's record
  /// @param size how many rows there will be
  /// @param number which one a row is, from 0
  /// @param together rows of a group
  /// @param work makes the rows of a group
  /// @param tokens run through the model for a row
  record OfGroups<R>(
      String name,
      String title,
      Object inputs,
      Class<R> type,
      int size,
      ToIntFunction<R> number,
      int together,
      MissingRows.Work<R> work,
      ToLongFunction<R> tokens)
      implements OfRows<R> {

    @Override
    public int place(R row) {
      return number.applyAsInt(row);
    }

    @Override
    public long make(MissingRows<R> missing) throws IOException {
      missing.inGroups(together, work);
      return missing.added().stream().mapToLong(tokens).sum();
    }
  }

  /// What becomes of an output.
  enum Keeping {
    /// A later run finds it.
    KEPT,
    /// A later run makes it again, which is quicker than to write it down.
    MADE_AGAIN
  }

  /// A stage whose output takes a file of its own, because it is too large for JSON.
  ///
  /// @param <O> the output
  non-sealed interface OfFile<O> extends Stage<O> {

    /// Ending of the file's name, with its dot.
    String ending();

    /// What is being done, for people.
    String title();

    /// How many steps it takes, for people.
    int size();

    /// Tokens it runs through the model.
    long tokens();

    /// Whether the run folder keeps it.
    default Keeping keeping() {
      return Keeping.KEPT;
    }

    /// Computes the output.
    O compute();

    /// Writes the output to a file that is not there yet.
    void write(O output, Path file) throws IOException;

    /// Reads it back.
    O read(Path file) throws IOException;
  }
}
