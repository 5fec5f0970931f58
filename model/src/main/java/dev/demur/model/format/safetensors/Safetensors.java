package dev.demur.model.format.safetensors;

import dev.demur.model.format.ByteSink;
import dev.demur.model.format.FileRange;
import dev.demur.model.format.MappedFile;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.StoredRows;
import dev.demur.model.format.StoredTensor;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.quant.ElementDecoder;
import dev.demur.model.format.quant.ElementEncoder;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// One safetensors file, memory-mapped: an 8-byte little-endian header length, a JSON header, the
/// tensors' bytes.
///
/// The header is checked in full when the file is opened: each tensor lies inside the file, has the
/// length its shape and type ask for, and the tensors fill the file without holes or overlaps.
///
/// Source: the format's definition, <https://huggingface.co/docs/safetensors>.
public final class Safetensors implements AutoCloseable {

  /// The reference implementation reads no longer header.
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = 8;

  private final MappedFile file;
  private final long dataStart;
  private final SafetensorsHeader header;

  private Safetensors(MappedFile file, long dataStart, SafetensorsHeader header) {
    this.file = file;
    this.dataStart = dataStart;
    this.header = header;
  }

  /// Maps a file and checks its header.
  ///
  /// @throws ModelFormatException if the file is missing or its header is unsound
  public static Safetensors open(Path path) throws IOException {
    var file = MappedFile.open(path);
    try {
      long length = headerLength(file);
      byte[] json = file.bytes().asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
      long dataStart = LENGTH_BYTES + length;
      return new Safetensors(
          file, dataStart, SafetensorsHeader.parse(path, json, file.size() - dataStart));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static long headerLength(MappedFile file) throws ModelFormatException {
    if (file.size() < LENGTH_BYTES) {
      throw new ModelFormatException(
          file.path(),
          0,
          "only " + file.size() + " bytes, too short for safetensors; fetch the file again");
    }
    long length = file.bytes().get(MappedFile.LONG, 0);
    if (length < 0 || length > MAX_HEADER_BYTES || length > file.size() - LENGTH_BYTES) {
      throw new ModelFormatException(
          file.path(),
          0,
          String.format(
              Locale.ROOT,
              "header length %s, expected at most %,d in a file of %,d bytes; it is not safetensors"
                  + " or cut short, fetch it again",
              Long.toUnsignedString(length),
              MAX_HEADER_BYTES,
              file.size()));
    }
    return length;
  }

  /// The file.
  public Path path() {
    return file.path();
  }

  /// The string pairs under `__metadata__`.
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /// Names of all tensors, in header order.
  public Set<String> names() {
    return Collections.unmodifiableSet(header.tensors().keySet());
  }

  /// What the header says about a tensor.
  ///
  /// @throws ModelFormatException if there is no such tensor
  public TensorInfo info(String name) throws ModelFormatException {
    return entry(name).info();
  }

  /// The tensor's bytes where they are mapped: little-endian, row-major, not aligned, valid until
  /// [#close].
  ///
  /// @throws ModelFormatException if there is no such tensor
  public MemorySegment bytes(String name) throws ModelFormatException {
    var entry = entry(name);
    return file.bytes().asSlice(dataStart + entry.start(), entry.info().bytes());
  }

  /// The whole file as it is mapped into memory.
  public MemorySegment mapped() {
    return file.bytes();
  }

  /// The tensor's bytes, read from the file when asked for and never all at once.
  ///
  /// @throws ModelFormatException if there is no such tensor
  public ByteSink.Source source(String name) throws ModelFormatException {
    return range(name);
  }

  /// The tensor's matrices as rows of numbers, read some at a time.
  ///
  /// @throws ModelFormatException if there is no such tensor or it holds no numbers
  public List<StoredRows> matrices(String name) throws ModelFormatException {
    var type = type(info(name));
    return StoredRows.matrices(
        info(name), range(name), ElementDecoder.of(type), ElementEncoder.of(type));
  }

  private FileRange range(String name) throws ModelFormatException {
    var entry = entry(name);
    return new FileRange(path(), dataStart + entry.start(), entry.info().bytes());
  }

  /// A tensor ready to be read as numbers.
  public StoredTensor stored(String name) throws ModelFormatException {
    var info = info(name);
    return StoredTensor.of(path(), info, bytes(name), type(info));
  }

  private DType type(TensorInfo info) throws ModelFormatException {
    return DType.ofSafetensors(info.type())
        .orElseThrow(
            () ->
                new ModelFormatException(
                    path(),
                    "tensor \""
                        + info.name()
                        + "\" has type "
                        + info.type()
                        + ", which this version cannot read as numbers; convert it"));
  }

  private SafetensorsHeader.Entry entry(String name) throws ModelFormatException {
    var entry = header.tensors().get(name);
    if (entry == null) {
      throw new ModelFormatException(
          path(), "no tensor \"" + name + "\" among " + header.tensors().size());
    }
    return entry;
  }

  @Override
  public void close() {
    file.close();
  }
}
