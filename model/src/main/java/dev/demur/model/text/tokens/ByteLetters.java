package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/// The characters byte-level BPE writes bytes with: printable Latin-1 stands for itself, the other
/// bytes take the code points from 256 on, in order.
public final class ByteLetters {

  private static final char[] LETTERS = letters();
  private static final byte[] BYTES = bytes();

  /// One more than the last letter.
  private static final int END = 256 + 68;

  private ByteLetters() {}

  /// The letter of each byte.
  public static List<Character> all() {
    return IntStream.range(0, 256).mapToObj(b -> LETTERS[b]).toList();
  }

  private static char[] letters() {
    char[] letters = new char[256];
    char next = 256;
    for (int b = 0; b < 256; b++) {
      letters[b] = isPrintableLatin1(b) ? (char) b : next++;
    }
    return letters;
  }

  private static byte[] bytes() {
    byte[] bytes = new byte[END];
    for (int b = 0; b < 256; b++) {
      bytes[LETTERS[b]] = (byte) b;
    }
    return bytes;
  }

  private static boolean isPrintableLatin1(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
  }

  static boolean isLetter(int c) {
    return c < END && LETTERS[BYTES[c] & 0xFF] == c;
  }

  static byte toByte(int letter) {
    return BYTES[letter];
  }

  /// A text with each byte of its UTF-8 form as a letter.
  static Aligned spell(Aligned text, Work work) {
    Aligned.Builder spelled = new Aligned.Builder(work, text.length());
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      if (c < 0x80) {
        spelled.add(LETTERS[c], text, i);
      } else {
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          spelled.add(LETTERS[b & 0xFF], text, i);
        }
      }
    }
    return spelled.build();
  }
}
