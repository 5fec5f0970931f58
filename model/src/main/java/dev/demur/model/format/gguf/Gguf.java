package dev.demur.model.format.gguf;

import static java.util.Objects.requireNonNull;

import dev.demur.model.format.ByteSink;
import dev.demur.model.format.FileRange;
import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.MappedFile;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.StoredRows;
import dev.demur.model.format.StoredTensor;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.quant.ElementEncoder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One GGUF file (version 2 or 3, little-endian), memory-mapped: metadata and tensors as the file
/// has them, under their GGUF names. [GgufFile] gives them Hugging Face names.
///
/// The header is checked in full when the file is opened: counts and lengths fit the file, each
/// tensor lies inside it, no two overlap.
///
/// Source: the format's definition, <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
public final class Gguf implements AutoCloseable {

  private final MappedFile file;
  private final GgufHeader header;

  private Gguf(MappedFile file, GgufHeader header) {
    this.file = file;
    this.header = header;
  }

  /// Maps a file and checks its header.
  ///
  /// @throws ModelFormatException if the file is missing or its header is unsound
  public static Gguf open(Path path) throws IOException {
    var file = MappedFile.open(path);
    try {
      return new Gguf(file, GgufHeader.read(file));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// The file.
  public Path path() {
    return file.path();
  }

  /// The key-value pairs.
  public GgufMetadata metadata() {
    return header.metadata();
  }

  /// Names of all tensors, in file order.
  public Set<String> names() {
    return Collections.unmodifiableSet(header.tensors().keySet());
  }

  /// What the file says about a tensor; the shape is outermost first, as everywhere in Demur.
  ///
  /// @throws ModelFormatException if there is no such tensor
  public TensorInfo info(String name) throws ModelFormatException {
    return entry(name).info();
  }

  /// The tensor's blocks where they are mapped, valid until [#close].
  ///
  /// @throws ModelFormatException if there is no such tensor
  public MemorySegment bytes(String name) throws ModelFormatException {
    var entry = entry(name);
    return file.bytes().asSlice(header.dataStart() + entry.start(), entry.info().bytes());
  }

  /// The whole file as it is mapped into memory.
  MemorySegment mapped() {
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
  /// @throws ModelFormatException if there is no such tensor
  public List<StoredRows> matrices(String name) throws ModelFormatException {
    var type = entry(name).type();
    return StoredRows.matrices(info(name), range(name), type.decoder(), ElementEncoder.of(type));
  }

  private FileRange range(String name) throws ModelFormatException {
    var entry = entry(name);
    return new FileRange(path(), header.dataStart() + entry.start(), entry.info().bytes());
  }

  /// A key-value pair as it is in the file.
  FileRange pair(String key) {
    var region = requireNonNull(header.pairs().get(key), key);
    return new FileRange(path(), region.start(), region.end() - region.start());
  }

  /// What tensors are aligned to.
  long alignment() {
    return header.alignment();
  }

  /// A tensor ready to be read as numbers.
  public StoredTensor stored(String name) throws ModelFormatException {
    var entry = entry(name);
    return new StoredTensor(
        path(), entry.info(), bytes(name), entry.type().decoder(), entry.type().plain());
  }

  MappedFile file() {
    return file;
  }

  private GgufHeader.Entry entry(String name) throws ModelFormatException {
    return Optional.ofNullable(header.tensors().get(name))
        .orElseThrow(
            () ->
                new ModelFormatException(
                    path(), "no tensor \"" + name + "\" among " + header.tensors().size()));
  }

  @Override
  public void close() {
    file.close();
  }
}
