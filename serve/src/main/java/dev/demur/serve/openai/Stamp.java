package dev.demur.serve.openai;

import java.time.Instant;
import java.util.UUID;

/// What all chunks of one answer share.
///
/// @param id made for it
/// @param created seconds since 1970
/// @param model as it was asked for
record Stamp(String id, long created, String model) {

  static Stamp of(String prefix, String model) {
    return new Stamp(
        prefix + "-" + UUID.randomUUID().toString().replace("-", ""),
        Instant.now().getEpochSecond(),
        model);
  }
}
