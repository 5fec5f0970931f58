package dev.demur.lab.direction;

import dev.demur.model.format.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;

/// The string pairs of a safetensors file, read with suspicion.
public record FileMetadata(Path file, Map<String, String> pairs) {

  /// A hostile file's value is shown, but not at any length.
  private static final int SHOWN = 40;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Stored float32 numbers.
  public static float[] floats(MemorySegment bytes) {
    return bytes.toArray(FLOAT);
  }

  /// The value of a key.
  ///
  /// @throws ModelFormatException if there is none
  public String text(String key) throws ModelFormatException {
    String value = pairs.get(key);
    if (value == null) {
      throw new ModelFormatException(
          file,
          "its metadata has no "
              + key
              + "; expected a file that Demur wrote, such as direction.safetensors");
    }
    return value;
  }

  /// @throws ModelFormatException if the key has any other value
  public void require(String key, String expected) throws ModelFormatException {
    String found = text(key);
    if (!found.equals(expected)) {
      throw wrong(key, found, expected);
    }
  }

  /// Makes sure that this build knows what the keys mean.
  ///
  /// @throws ModelFormatException if the file is of another version of its format
  public void requireVersion(int expected) throws ModelFormatException {
    int found = integer("format_version");
    if (found != expected) {
      throw new ModelFormatException(
          file, "is of format version " + found + ", this build reads " + expected);
    }
  }

  /// The value of a key as a whole number.
  ///
  /// @throws ModelFormatException if it is none
  public int integer(String key) throws ModelFormatException {
    String found = text(key);
    try {
      return Integer.parseInt(found);
    } catch (NumberFormatException _) {
      throw wrong(key, found, "a whole number");
    }
  }

  /// The value of a key as a number.
  ///
  /// @throws ModelFormatException if it is none
  public double number(String key) throws ModelFormatException {
    String found = text(key);
    try {
      return Double.parseDouble(found);
    } catch (NumberFormatException _) {
      throw wrong(key, found, "a number");
    }
  }

  /// What to throw when a key has a value that nobody writes.
  public ModelFormatException wrong(String key, String found, String expected) {
    String shown = found.length() > SHOWN ? found.substring(0, SHOWN) + "…" : found;
    return new ModelFormatException(
        file, "its metadata says " + key + " = \"" + shown + "\", expected " + expected);
  }
}
