package dev.demur.model.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.demur.model.format.gguf.GgufBytes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Changes to a file's bytes of the kinds that find bugs in readers.
final class Mutation {

  /// Numbers that readers stumble over.
  private static final long[] AWKWARD = {
    0, 1, -1, 255, 256, 1L << 31, -(1L << 31), 1L << 32, 1L << 60, Long.MAX_VALUE, Long.MIN_VALUE
  };

  private Mutation() {}

  /// A few changes.
  static byte[] of(byte[] original, Random random) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = cut(bytes, at);
        case 3 -> putAwkward(bytes, at, random);
        case 4 -> bytes = twice(bytes, at, random.nextInt(64));
        case 5 -> bytes = without(bytes, at, random.nextInt(16));
        default -> putDigits(bytes, at, random);
      }
    }
    return bytes;
  }

  private static byte[] cut(byte[] bytes, int at) {
    return Arrays.copyOf(bytes, Math.max(1, at));
  }

  private static void putAwkward(byte[] bytes, int at, Random random) {
    byte[] number = GgufBytes.u64(AWKWARD[random.nextInt(AWKWARD.length)]);
    int width = random.nextBoolean() ? 4 : 8;
    System.arraycopy(number, 0, bytes, at, Math.min(width, bytes.length - at));
  }

  private static byte[] twice(byte[] bytes, int at, int length) {
    int end = Math.min(bytes.length, at + length);
    return GgufBytes.concat(Arrays.copyOf(bytes, end), Arrays.copyOfRange(bytes, at, bytes.length));
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    int end = Math.min(bytes.length, at + length);
    byte[] rest =
        GgufBytes.concat(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
    return rest.length == 0 ? new byte[1] : rest;
  }

  private static void putDigits(byte[] bytes, int at, Random random) {
    byte[] text =
        List.of("-", "9999999999", "null", "[[[[", "{", "\"", "1e999")
            .get(random.nextInt(7))
            .getBytes(UTF_8);
    System.arraycopy(text, 0, bytes, at, Math.min(text.length, bytes.length - at));
  }
}
