package dev.demur.model.format.gguf;

import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.MappedFile;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.quant.GgmlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The checked header of a GGUF file.
///
/// @param metadata the key-value pairs
/// @param tensors the tensors by their GGUF name, in file order
/// @param pairs where each key-value pair lies in the file, in file order
/// @param alignment what tensors are aligned to
/// @param dataStart byte at which the tensors' data start
record GgufHeader(
    GgufMetadata metadata,
    Map<String, Entry> tensors,
    Map<String, Region> pairs,
    long alignment,
    long dataStart) {

  /// "GGUF", read as a little-endian number.
  static final int MAGIC = 0x46554747;

  private static final int MAX_DIMENSIONS = 4;

  private static final long DEFAULT_ALIGNMENT = 32;

  private static final long MAX_ALIGNMENT = 1 << 20;

  /// The least bytes a pair and a tensor description take.
  private static final long PAIR_BYTES = 8 + 4 + 1;

  private static final long TENSOR_BYTES = 8 + 4 + 4 + 8;

  /// Far more than any real file has; bounds what a sparse file can make us allocate.
  private static final long MAX_COUNT = 1_000_000;

  /// One tensor.
  ///
  /// @param info its GGUF name, type, shape (outermost first), length
  /// @param type its type
  /// @param start first byte, counted from the start of the data
  record Entry(TensorInfo info, GgmlType type, long start) {

    long end() {
      return start + info.bytes();
    }
  }

  /// Bytes of the file from `start` to before `end`.
  record Region(long start, long end) {}

  static GgufHeader read(MappedFile file) throws ModelFormatException {
    return new Reader(file, new GgufCursor(file)).header();
  }

  private record Reader(MappedFile file, GgufCursor cursor) {

    GgufHeader header() throws ModelFormatException {
      requireVersion();
      long tensorCount = count("the number of tensors", TENSOR_BYTES);
      long pairCount = count("the number of metadata pairs", PAIR_BYTES);
      var pairs = new LinkedHashMap<String, Region>();
      var metadata =
          new GgufMetadata(file.path(), Collections.unmodifiableMap(readPairs(pairCount, pairs)));
      long alignment = alignment(metadata);
      var tensors = new LinkedHashMap<String, Entry>();
      for (long i = 0; i < tensorCount; i++) {
        readTensor(tensors, alignment);
      }
      long dataStart = (cursor.position() + alignment - 1) / alignment * alignment;
      requireInside(tensors, file.size() - dataStart);
      return new GgufHeader(metadata, tensors, pairs, alignment, dataStart);
    }

    private void requireVersion() throws ModelFormatException {
      if (cursor.u32("the signature") != MAGIC) {
        throw cursor.problem(0, "does not start with \"GGUF\"; it is not a GGUF file");
      }
      int version = cursor.u32("the version");
      if (version != 2 && version != 3) {
        String found = Integer.toUnsignedString(version);
        throw cursor.problem(
            4,
            Integer.reverseBytes(version) == 2 || Integer.reverseBytes(version) == 3
                ? "big-endian GGUF, expected little-endian; convert it"
                : "GGUF version " + found + ", expected 2 or 3; convert it");
      }
    }

    private long count(String what, long leastBytes) throws ModelFormatException {
      long at = cursor.position();
      long count = cursor.u64(what);
      long most = Math.min(MAX_COUNT, cursor.left() / leastBytes);
      if (count > most) {
        throw cursor.problem(
            at,
            String.format(
                Locale.ROOT, "%s is %,d, this file has room for at most %,d", what, count, most));
      }
      return count;
    }

    private Map<String, Object> readPairs(long count, Map<String, Region> places)
        throws ModelFormatException {
      var pairs = new LinkedHashMap<String, Object>();
      for (long i = 0; i < count; i++) {
        long at = cursor.position();
        String key = cursor.string("a metadata key");
        String what = "metadata key \"" + shorten(key) + "\"";
        if (pairs.put(key, cursor.value(cursor.u32(what), what)) != null) {
          throw cursor.problem(at, what + " appears twice");
        }
        places.put(key, new Region(at, cursor.position()));
      }
      return pairs;
    }

    private static String shorten(String name) {
      String line = name.length() > 80 ? name.substring(0, 80) + "…" : name;
      return line.replaceAll("\\R", " ");
    }

    private long alignment(GgufMetadata metadata) throws ModelFormatException {
      Object value = metadata.values().getOrDefault("general.alignment", DEFAULT_ALIGNMENT);
      if (!(value instanceof Long alignment)
          || alignment < 1
          || alignment > MAX_ALIGNMENT
          || Long.bitCount(alignment) != 1) {
        throw new ModelFormatException(
            file.path(),
            "general.alignment is " + value + ", expected a power of two up to " + MAX_ALIGNMENT);
      }
      return alignment;
    }

    private void readTensor(Map<String, Entry> tensors, long alignment)
        throws ModelFormatException {
      long at = cursor.position();
      String name = cursor.string("a tensor name");
      String what = "tensor \"" + shorten(name) + "\"";
      List<Long> shape = readShape(what);
      int number = cursor.u32(what);
      var type =
          GgmlType.ofNumber(number)
              .orElseThrow(
                  () ->
                      cursor.problem(
                          at,
                          what
                              + " has type number "
                              + Integer.toUnsignedString(number)
                              + "; this version reads "
                              + GgmlType.known()
                              + ". Convert it or pass another file."));
      long start = cursor.u64(what);
      if (start % alignment != 0) {
        throw cursor.problem(at, what + " starts at " + start + ", not aligned to " + alignment);
      }
      var info = new TensorInfo(name, type.name(), shape, length(at, what, shape, type));
      if (tensors.put(name, new Entry(info, type, start)) != null) {
        throw cursor.problem(at, what + " appears twice");
      }
    }

    /// The file gives extents innermost first.
    private List<Long> readShape(String what) throws ModelFormatException {
      long at = cursor.position();
      int dimensions = cursor.u32(what);
      if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
        throw cursor.problem(
            at,
            what
                + " has "
                + Integer.toUnsignedString(dimensions)
                + " dimensions, expected at most "
                + MAX_DIMENSIONS);
      }
      var shape = new ArrayList<Long>();
      for (int i = 0; i < dimensions; i++) {
        shape.addFirst(cursor.u64(what + " extent"));
      }
      return shape;
    }

    private long length(long at, String what, List<Long> shape, GgmlType type)
        throws ModelFormatException {
      long row = shape.isEmpty() ? 1 : shape.getLast();
      if (row % type.blockElements() != 0) {
        throw cursor.problem(
            at,
            String.format(
                Locale.ROOT,
                "%s has rows of %,d elements, %s comes in blocks of %d",
                what,
                row,
                type,
                type.blockElements()));
      }
      try {
        return type.decoder().bytes(TensorInfo.elements(shape));
      } catch (ArithmeticException e) {
        throw cursor.problem(at, what + " has shape " + shape + ", too large");
      }
    }

    private void requireInside(Map<String, Entry> tensors, long dataBytes)
        throws ModelFormatException {
      var inOrder =
          tensors.values().stream().sorted(Comparator.comparingLong(Entry::start)).toList();
      long free = 0;
      for (var entry : inOrder) {
        var info = entry.info();
        if (info.bytes() > dataBytes - entry.start()) {
          throw problem(
              String.format(
                  Locale.ROOT,
                  "tensor \"%s\" takes %,d bytes from %,d of the data, but there are only %,d; the"
                      + " file is cut short, fetch it again",
                  shorten(info.name()),
                  info.bytes(),
                  entry.start(),
                  Math.max(0, dataBytes)));
        }
        if (info.bytes() > 0 && entry.start() < free) {
          throw problem(
              String.format(
                  Locale.ROOT,
                  "tensor \"%s\" starts at %,d of the data, inside the tensor before it, which ends"
                      + " at %,d",
                  shorten(info.name()),
                  entry.start(),
                  free));
        }
        free = Math.max(free, entry.end());
      }
    }

    private ModelFormatException problem(String what) {
      return new ModelFormatException(file.path(), what);
    }
  }
}
