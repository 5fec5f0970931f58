package dev.demur.model.hub;

import java.util.Locale;

/// Content that the hub keeps, identified by its checksum and size.
///
/// @param hash checksum, and name in the cache
/// @param size bytes
public record Blob(ContentHash hash, long size) {

  /// More than any published file; a larger size is a mistake or an attack on the disk.
  private static final long MAX_SIZE = 4L << 40;

  public Blob {
    if (size < 0 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "size must be 0 to %,d bytes, was %,d", MAX_SIZE, size));
    }
  }
}
