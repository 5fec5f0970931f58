package dev.demur.lab.run;

/// Told how far long work has come. What is shown, and where, is the caller's business.
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
