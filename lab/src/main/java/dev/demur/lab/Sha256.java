package dev.demur.lab;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 as 64 lower-case hexadecimal digits.
public final class Sha256 {

  private Sha256() {}

  /// The hash of these bytes.
  public static String of(byte[] bytes) {
    var digest = digest();
    digest.update(bytes);
    return hex(digest);
  }

  /// The hash of the text's UTF-8 bytes.
  public static String ofText(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The hash of bytes that come one after the other.
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// The hash of what a digest was given; it is at its beginning again afterwards.
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
