package dev.demur.serve.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The word a client must know. It is compared in constant time and never printed.
public final class Key {

  private static final int SHORTEST = 16;

  private final byte[] bytes;

  private Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A key.
  ///
  /// @throws IllegalArgumentException if it is shorter than 16 characters or has spaces
  public static Key of(String text) {
    String key = text.strip();
    if (key.length() < SHORTEST || key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException(
          "a key must have at least "
              + SHORTEST
              + " printable ASCII characters without spaces, had "
              + key.length()
              + "; make one with: openssl rand -hex 32");
    }
    return new Key(key.getBytes(StandardCharsets.US_ASCII));
  }

  boolean is(String offered) {
    return MessageDigest.isEqual(bytes, offered.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "a key";
  }
}
