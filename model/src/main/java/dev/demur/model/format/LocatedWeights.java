package dev.demur.model.format;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Weights found in one or more open files.
public final class LocatedWeights implements Weights {

  private final Path where;
  private final Map<String, Located> tensors;
  private final List<MemorySegment> mapped;
  private final List<Runnable> closers;

  /// Reads one tensor.
  @FunctionalInterface
  public interface Source {
    Tensor load(DType to) throws IOException;
  }

  /// Gives a tensor as a matrix that stays where it is, when it can.
  @FunctionalInterface
  public interface InPlace {
    Optional<StoredMatrix> matrix(DType to);
  }

  /// A tensor and how to read it.
  public record Located(TensorInfo info, Source source, InPlace inPlace) {

    /// A tensor that can only be read.
    public Located(TensorInfo info, Source source) {
      this(info, source, _ -> Optional.empty());
    }

    public static Located of(StoredTensor stored) {
      return new Located(stored.info(), stored::load, stored::inPlace);
    }
  }

  /// @param where folder or file, for error messages
  /// @param tensors the tensors by Hugging Face name, in file order
  /// @param mapped the files, where they are mapped into memory
  /// @param closers close the files
  public LocatedWeights(
      Path where,
      Map<String, Located> tensors,
      List<MemorySegment> mapped,
      List<Runnable> closers) {
    this.where = where;
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    this.mapped = List.copyOf(mapped);
    this.closers = List.copyOf(closers);
  }

  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public TensorInfo info(String name) throws ModelFormatException {
    return located(name).info();
  }

  @Override
  public Tensor load(String name, DType dtype) throws IOException {
    StoredTensor.requireLoadable(dtype);
    return located(name).source().load(dtype);
  }

  @Override
  public Optional<StoredMatrix> stored(String name, DType dtype) throws IOException {
    StoredTensor.requireLoadable(dtype);
    return located(name).inPlace().matrix(dtype);
  }

  @Override
  public List<MemorySegment> mapped() {
    return mapped;
  }

  private Located located(String name) throws ModelFormatException {
    var located = tensors.get(name);
    if (located == null) {
      throw new ModelFormatException(
          where,
          "no tensor \""
              + name
              + "\" among "
              + tensors.size()
              + "; the checkpoint is incomplete or of another family than its config says");
    }
    return located;
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
  }
}
