package dev.demur.model.format.gguf;

import dev.demur.model.format.MappedFile;
import dev.demur.model.format.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads the header of a GGUF file from front to back; every length is checked against what is left
/// before anything is allocated for it.
final class GgufCursor {

  /// The longest chat template in use has some 50 kB.
  private static final int MAX_STRING_BYTES = 16 << 20;

  /// All lists together. The largest vocabularies have 260,000 tokens in three or four lists.
  private static final long MAX_LIST_ELEMENTS = 4_000_000;

  /// Real files hold no list in a list.
  private static final int MAX_LIST_DEPTH = 4;

  private final Path file;
  private final MemorySegment bytes;
  private long position;
  private long listElements;

  GgufCursor(MappedFile file) {
    this.file = file.path();
    this.bytes = file.bytes();
  }

  long position() {
    return position;
  }

  long left() {
    return bytes.byteSize() - position;
  }

  ModelFormatException problem(long at, String what) {
    return new ModelFormatException(file, at, what);
  }

  /// Moves on by `count` bytes and returns where they start.
  private long take(long count, String what) throws ModelFormatException {
    if (count > left()) {
      throw problem(
          position,
          what + " goes past the end of the file; it is cut short or not GGUF, fetch it again");
    }
    long at = position;
    position += count;
    return at;
  }

  int u32(String what) throws ModelFormatException {
    return bytes.get(MappedFile.INT, take(4, what));
  }

  /// A 64-bit count or offset, which must be below 2^63.
  long u64(String what) throws ModelFormatException {
    long at = take(8, what);
    long value = bytes.get(MappedFile.LONG, at);
    if (value < 0) {
      throw problem(at, what + " is " + Long.toUnsignedString(value) + ", expected less than 2^63");
    }
    return value;
  }

  String string(String what) throws ModelFormatException {
    long at = position;
    long length = u64(what);
    if (length > MAX_STRING_BYTES || length > left()) {
      throw problem(
          at,
          String.format(
              Locale.ROOT,
              "%s is a string of %,d bytes, expected at most %,d",
              what,
              length,
              Math.min(MAX_STRING_BYTES, left())));
    }
    byte[] utf8 = bytes.asSlice(take(length, what), length).toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw problem(at, what + " is not UTF-8; convert the model again");
    }
  }

  /// A value of the type numbered `type`, as [GgufMetadata] keeps it.
  Object value(int type, String what) throws ModelFormatException {
    return value(type, what, 0);
  }

  private Object value(int type, String what, int depth) throws ModelFormatException {
    return switch (type) {
      case 0 -> bytes.get(ValueLayout.JAVA_BYTE, take(1, what)) & 0xFFL;
      case 1 -> (long) bytes.get(ValueLayout.JAVA_BYTE, take(1, what));
      case 2 -> bytes.get(MappedFile.SHORT, take(2, what)) & 0xFFFFL;
      case 3 -> (long) bytes.get(MappedFile.SHORT, take(2, what));
      case 4 -> u32(what) & 0xFFFFFFFFL;
      case 5 -> (long) u32(what);
      case 6 -> (double) bytes.get(MappedFile.FLOAT, take(4, what));
      case 7 -> flag(what);
      case 8 -> string(what);
      case 9 -> list(what, depth);
      case 10 -> u64(what);
      case 11 -> bytes.get(MappedFile.LONG, take(8, what));
      case 12 -> bytes.get(MappedFile.DOUBLE, take(8, what));
      default ->
          throw problem(
              position - 4,
              what
                  + " has the value type "
                  + Integer.toUnsignedString(type)
                  + ", known are 0 to 12");
    };
  }

  private boolean flag(String what) throws ModelFormatException {
    long at = take(1, what);
    return switch (bytes.get(ValueLayout.JAVA_BYTE, at)) {
      case 0 -> false;
      case 1 -> true;
      default -> throw problem(at, what + " is a flag that is neither 0 nor 1");
    };
  }

  private List<Object> list(String what, int depth) throws ModelFormatException {
    long at = position;
    if (depth == MAX_LIST_DEPTH) {
      throw problem(at, what + " nests lists more than " + MAX_LIST_DEPTH + " deep");
    }
    int type = u32(what);
    long count = u64(what);
    // Every element takes a byte at least, so the length of the file bounds the count, too.
    listElements += Math.min(count, MAX_LIST_ELEMENTS + 1);
    if (count > left() || listElements > MAX_LIST_ELEMENTS) {
      throw problem(
          at,
          String.format(
              Locale.ROOT,
              "%s is a list of %,d elements; at most %,d are read from one file",
              what,
              count,
              MAX_LIST_ELEMENTS));
    }
    var list = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      list.add(value(type, what, depth + 1));
    }
    return List.copyOf(list);
  }
}
