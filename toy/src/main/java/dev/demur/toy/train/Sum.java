package dev.demur.toy.train;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A checksum over texts and tensors. Changed by every call.
final class Sum {

  private static final long CHUNK = 1 << 26;

  private final MessageDigest digest;

  Sum() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  Sum add(String text) {
    digest.update((text.length() + ":" + text).getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Sum add(MemorySegment bytes) {
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      digest.update(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
    }
    return this;
  }

  /// The sum; it takes no more after this.
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
