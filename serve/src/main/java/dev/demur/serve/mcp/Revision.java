package dev.demur.serve.mcp;

import java.util.List;
import java.util.stream.Stream;

/// How a message is put.
enum Revision {
  /// Each message carries its version and its client's capabilities (2026-07-28).
  ENVELOPE,
  /// A connection begins with `initialize` (until 2025-11-25).
  HANDSHAKE;

  /// The one whose messages stand alone.
  static final String CURRENT = "2026-07-28";

  /// Those that begin with a handshake, newest first.
  static final List<String> EARLIER = List.of("2025-11-25", "2025-06-18", "2025-03-26");

  /// All, newest first.
  static List<String> all() {
    return Stream.concat(Stream.of(CURRENT), EARLIER.stream()).toList();
  }
}
