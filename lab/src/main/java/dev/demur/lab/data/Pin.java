package dev.demur.lab.data;

import java.util.regex.Pattern;

/// What a file must be.
public sealed interface Pin {

  /// These bytes and no others.
  ///
  /// @param sha256 64 hex digits in lower case
  record Known(String sha256) implements Pin {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Known {
      if (!SHA256.matcher(sha256).matches()) {
        throw new IllegalArgumentException("\"" + sha256 + "\" is not a SHA-256");
      }
    }
  }

  /// Not known to this version; whatever comes first is written down and expected from then on.
  record OnFirstPull() implements Pin {}
}
