package dev.demur.model.format;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SHA-256 over weight files, computed once when first asked for.
public final class WeightsHash {

  private static final int BUFFER = 1 << 20;

  private final List<Path> files;
  private @Nullable String value;

  public WeightsHash(List<Path> files) {
    this.files =
        files.stream()
            .sorted(Comparator.comparing(file -> String.valueOf(file.getFileName())))
            .toList();
  }

  /// The hash over all files' bytes in name order, as lower-case hex.
  public synchronized String value() throws IOException {
    if (value == null) {
      value = compute();
    }
    return value;
  }

  /// The hash of some bytes, as lower-case hex.
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private String compute() throws IOException {
    var digest = sha256();
    byte[] buffer = new byte[BUFFER];
    for (Path file : files) {
      try (var in = RegularFile.stream(file)) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          digest.update(buffer, 0, read);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
