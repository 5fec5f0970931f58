package dev.demur.model.hub;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// A checksum as the hub gives it, which is also the name of the file in the cache.
///
/// @param kind what is hashed
/// @param hex in lower case
public record ContentHash(Kind kind, String hex) {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");

  private static final int BUFFER = 1 << 20;

  /// What is hashed.
  public enum Kind {

    /// SHA-256 of the bytes: files in large file storage.
    SHA256("SHA-256"),

    /// SHA-1 of `blob SIZE\0` and the bytes, as git names its objects: all other files.
    GIT_BLOB("SHA-1");

    private final String algorithm;

    Kind(String algorithm) {
      this.algorithm = algorithm;
    }

    /// A digest that has taken what comes before the bytes.
    MessageDigest begin(long size) {
      try {
        var digest = MessageDigest.getInstance(algorithm);
        if (this == GIT_BLOB) {
          digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        return digest;
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this JDK has no " + algorithm, e);
      }
    }
  }

  public ContentHash {
    var shape = kind == Kind.SHA256 ? SHA256 : SHA1;
    if (!shape.matcher(hex).matches()) {
      throw new IllegalArgumentException("\"" + hex + "\" is no " + kind + " checksum");
    }
  }

  /// The checksum a name or ETag is: 64 hex digits are SHA-256, 40 are git's.
  public static Optional<ContentHash> parse(String text) {
    if (SHA256.matcher(text).matches()) {
      return Optional.of(new ContentHash(Kind.SHA256, text));
    }
    return SHA1.matcher(text).matches()
        ? Optional.of(new ContentHash(Kind.GIT_BLOB, text))
        : Optional.empty();
  }

  /// The checksum of a file.
  public static ContentHash of(Path file, Kind kind) throws IOException {
    var digest = kind.begin(Files.size(file));
    try (InputStream in = RegularFile.stream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return new ContentHash(kind, HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public String toString() {
    return hex;
  }
}
