package dev.demur.lab.run;

import java.util.List;

/// Learns how far long work has come. The caller decides what to show, and where.
@FunctionalInterface
public interface Progress {

  /// Work begins.
  ///
  /// @param name what is being done, for people
  /// @param total steps altogether
  Task start(String name, long total);

  /// Says how much work each of the next tasks is, beside the others, so that somebody can tell how
  /// long the whole takes. What was expected before no longer is.
  ///
  /// @param efforts in the order in which the tasks will start
  default void expect(List<Double> efforts) {}

  /// One piece of work under way.
  interface Task extends AutoCloseable {

    /// So many more steps are done.
    void advance(long steps);

    @Override
    void close();
  }

  /// Shows nothing.
  static Progress silent() {
    return (_, _) ->
        new Task() {
          @Override
          public void advance(long steps) {}

          @Override
          public void close() {}
        };
  }
}
