package dev.demur.lab.run;

/// Learns how far long work has come. The caller decides what to show, and where.
@FunctionalInterface
public interface Progress {

  /// Work begins.
  ///
  /// @param name what is being done, for people
  /// @param total steps altogether
  Task start(String name, long total);

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
