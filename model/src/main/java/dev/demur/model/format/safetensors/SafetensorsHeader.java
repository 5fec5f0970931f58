package dev.demur.model.format.safetensors;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The checked header of a safetensors file.
///
/// @param metadata the pairs under `__metadata__`, in file order
/// @param tensors the tensors by name, in file order
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> tensors) {

  static final String METADATA = "__metadata__";

  private static final int MAX_DIMENSIONS = 32;

  /// Bits per element of every type the format knows, also those that are not loaded as numbers.
  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("BOOL", 8),
          Map.entry("U8", 8),
          Map.entry("I8", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("I16", 16),
          Map.entry("U16", 16),
          Map.entry("F16", 16),
          Map.entry("BF16", 16),
          Map.entry("I32", 32),
          Map.entry("U32", 32),
          Map.entry("F32", 32),
          Map.entry("I64", 64),
          Map.entry("U64", 64),
          Map.entry("F64", 64),
          Map.entry("C64", 64));

  /// One tensor.
  ///
  /// @param info name, type, shape, length
  /// @param start first byte, counted from the end of the header
  record Entry(TensorInfo info, long start) {}

  /// Bits per element of a type the format knows.
  static Optional<Integer> bits(String type) {
    return Optional.ofNullable(BITS.get(type));
  }

  /// Whole bytes per element of a known type, which is also its alignment.
  static int elementBytes(String type) {
    return Math.max(1, BITS.getOrDefault(type, 8) / 8);
  }

  /// Parses and checks a header.
  ///
  /// @param dataBytes length of the file after the header
  static SafetensorsHeader parse(Path file, byte[] json, long dataBytes)
      throws ModelFormatException {
    try (var parser = BoundedJson.parser(json)) {
      var reader = new Reader(file, parser);
      var header = reader.header();
      reader.requireFilled(header.tensors(), dataBytes);
      return header;
    } catch (JacksonException e) {
      throw BoundedJson.notJson(file, e);
    }
  }

  /// Reads the header token by token: a tree of a 100 MB header would take gigabytes.
  private record Reader(Path file, JsonParser parser) {

    SafetensorsHeader header() throws ModelFormatException {
      Map<String, String> metadata = new LinkedHashMap<>();
      Map<String, Entry> tensors = new LinkedHashMap<>();
      require(parser.nextToken(), JsonToken.START_OBJECT, "the header");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        if (name.equals(METADATA)) {
          readMetadata(metadata);
        } else {
          tensors.put(name, readEntry(name));
        }
      }
      require(parser.currentToken(), JsonToken.END_OBJECT, "the header");
      if (parser.nextToken() != null) {
        throw problem("text after the header's closing brace, expected only spaces");
      }
      return new SafetensorsHeader(metadata, tensors);
    }

    private void readMetadata(Map<String, String> metadata) throws ModelFormatException {
      require(parser.nextToken(), JsonToken.START_OBJECT, METADATA);
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = parser.currentName();
        require(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + " key \"" + key + "\"");
        metadata.put(key, parser.getString());
      }
    }

    private Entry readEntry(String name) throws ModelFormatException {
      String where = "tensor \"" + name + "\"";
      require(parser.nextToken(), JsonToken.START_OBJECT, where);
      String type = "";
      List<Long> shape = null;
      List<Long> offsets = null;
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        switch (parser.currentName()) {
          case "dtype" -> {
            require(parser.nextToken(), JsonToken.VALUE_STRING, where + " dtype");
            type = parser.getString();
          }
          case "shape" -> shape = readNumbers(where + " shape", MAX_DIMENSIONS);
          case "data_offsets" -> offsets = readNumbers(where + " data_offsets", 2);
          default ->
              throw problem(
                  where
                      + " has the key \""
                      + parser.currentName()
                      + "\", expected dtype, shape, data_offsets");
        }
      }
      if (type.isEmpty() || shape == null || offsets == null || offsets.size() != 2) {
        throw problem(where + " lacks one of dtype, shape and two data_offsets");
      }
      return entry(new TensorInfo(name, type, shape, length(where, type, shape)), offsets);
    }

    private List<Long> readNumbers(String where, int most) throws ModelFormatException {
      require(parser.nextToken(), JsonToken.START_ARRAY, where);
      var numbers = new ArrayList<Long>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        require(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, where);
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
            || parser.getLongValue() < 0) {
          throw problem(
              where + " holds " + parser.getString() + ", expected a whole number from 0 to 2^63");
        }
        numbers.add(parser.getLongValue());
        if (numbers.size() > most) {
          throw problem(where + " has more than " + most + " numbers");
        }
      }
      return numbers;
    }

    private long length(String where, String type, List<Long> shape) throws ModelFormatException {
      Integer bits = BITS.get(type);
      if (bits == null) {
        throw problem(where + " has the unknown dtype \"" + type + "\"; convert the file");
      }
      try {
        long total = Math.multiplyExact(bits.longValue(), TensorInfo.elements(shape));
        if (total % 8 != 0) {
          throw problem(where + " does not end on a whole byte");
        }
        return total / 8;
      } catch (ArithmeticException e) {
        throw new ModelFormatException(file, where + " has shape " + shape + ", too large", e);
      }
    }

    private Entry entry(TensorInfo info, List<Long> offsets) throws ModelFormatException {
      long start = offsets.get(0);
      long end = offsets.get(1);
      if (end < start || end - start != info.bytes()) {
        throw problem(
            String.format(
                Locale.ROOT,
                "tensor \"%s\" %s %s takes %,d bytes, but its data_offsets are %,d to %,d",
                info.name(),
                info.type(),
                info.shape(),
                info.bytes(),
                start,
                end));
      }
      return new Entry(info, start);
    }

    void requireFilled(Map<String, Entry> tensors, long dataBytes) throws ModelFormatException {
      long next = 0;
      var inOrder =
          tensors.values().stream()
              .sorted(
                  Comparator.comparingLong(Entry::start)
                      .thenComparingLong(entry -> entry.info().bytes()))
              .toList();
      for (var entry : inOrder) {
        if (entry.start() != next) {
          throw problem(
              String.format(
                  Locale.ROOT,
                  "tensor \"%s\" starts at %,d of the data, expected %,d: tensors overlap or leave"
                      + " a hole",
                  entry.info().name(),
                  entry.start(),
                  next));
        }
        if (entry.info().bytes() > dataBytes - next) {
          throw problem(
              String.format(
                  Locale.ROOT,
                  "tensor \"%s\" takes %,d bytes from %,d of the data, but only %,d bytes follow"
                      + " the header; the file is cut short, fetch it again",
                  entry.info().name(),
                  entry.info().bytes(),
                  next,
                  dataBytes));
        }
        next += entry.info().bytes();
      }
      if (next != dataBytes) {
        throw problem(
            String.format(
                Locale.ROOT, "%,d bytes follow the header, its tensors take %,d", dataBytes, next));
      }
    }

    private void require(JsonToken found, JsonToken expected, String where)
        throws ModelFormatException {
      if (found != expected) {
        throw problem(where + ": found " + found + ", expected " + expected);
      }
    }

    /// The offset is that of the token just read, from the start of the file.
    private ModelFormatException problem(String what) {
      return new ModelFormatException(
          file, 8 + Math.max(0, parser.currentTokenLocation().getByteOffset()), what);
    }
  }
}
