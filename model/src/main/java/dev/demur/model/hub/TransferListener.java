package dev.demur.model.hub;

import java.time.Duration;

/// Learns how a transfer progresses. The caller decides what to show, and where.
public interface TransferListener {

  /// One file begins, or goes on.
  ///
  /// @param name what to call it
  /// @param size bytes in all; 0 when not known yet
  /// @param present bytes that are already here
  Transfer begin(String name, long size, long present);

  /// Something went wrong that may pass, and is tried again.
  ///
  /// @param reason one sentence without a full stop
  /// @param pause how long until then
  void retrying(String reason, Duration pause);

  /// One file under way.
  interface Transfer extends AutoCloseable {

    /// So many more bytes are here.
    void received(long bytes);

    /// The server does not continue files: what was here is dropped and comes again.
    void restarted();

    @Override
    void close();
  }

  /// Shows nothing.
  static TransferListener silent() {
    return new TransferListener() {
      @Override
      public Transfer begin(String name, long size, long present) {
        return new Transfer() {
          @Override
          public void received(long bytes) {}

          @Override
          public void restarted() {}

          @Override
          public void close() {}
        };
      }

      @Override
      public void retrying(String reason, Duration pause) {}
    };
  }
}
