package dev.demur.model.text.tokens;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The tokens `<0x00>` to `<0xFF>`, which spell what has no token of its own.
final class ByteTokens {

  private final int[] tokens = new int[256];

  ByteTokens(Map<String, Integer> vocabulary) {
    for (int b = 0; b < 256; b++) {
      tokens[b] = vocabulary.getOrDefault("<0x%02X>".formatted(b), LongIntMap.NONE);
    }
  }

  /// Whether there is a token for each byte of a character.
  boolean spells(int character) {
    for (int token : of(character)) {
      if (token == LongIntMap.NONE) {
        return false;
      }
    }
    return true;
  }

  /// The tokens of a character's bytes in UTF-8.
  int[] of(int character) {
    byte[] bytes = Character.toString(character).getBytes(StandardCharsets.UTF_8);
    int[] spelled = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      spelled[i] = tokens[bytes[i] & 0xFF];
    }
    return spelled;
  }
}
