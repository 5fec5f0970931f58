package dev.demur.lab.audit;

import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.arch.writer.StreamWriter.Layout;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The matrices of a checkpoint that write to the residual stream, read one at a time.
///
/// @param files the checkpoint
/// @param writers what writes, by name
record CheckpointWriters(ModelFiles files, Writers writers) {

  /// Stream vectors multiplied together in one step; bounds the float64 copy of a matrix.
  private static final long CHUNK = 4096;

  static CheckpointWriters of(ModelFiles files) throws IOException {
    return new CheckpointWriters(files, Writers.of(files));
  }

  ModelConfig config() {
    return writers.config();
  }

  int dModel() {
    return writers.config().dModel();
  }

  /// The output matrices of one component of a layer: one, or one for each expert.
  List<StreamWriter> matrices(Component component, int layer) {
    return writers.tensors().stream()
        .filter(w -> w.component() == component && !w.isBias())
        .filter(w -> w.layer().isPresent() && w.layer().getAsInt() == layer)
        .toList();
  }

  /// Token embedding and learnt positions.
  List<StreamWriter> embeddings() {
    return writers.tensors().stream()
        .filter(w -> w.component() == Component.EMBEDDING && !w.isBias())
        .toList();
  }

  /// Calls `use` with the stream vectors of a matrix, float64 `[n, d_model]`, some at a time: its
  /// columns, or rows where it is stored so.
  void vectors(StreamWriter writer, VectorUse use) throws IOException {
    try (var _ = Scope.open()) {
      var rows = rows(writer);
      for (long from = 0; from < rows.dim(0); from += CHUNK) {
        try (var _ = Scope.open()) {
          use.accept(chunk(rows, from));
        }
      }
    }
  }

  /// The same for a matrix of this and of another checkpoint side by side.
  void vectors(StreamWriter writer, CheckpointWriters other, VectorPairUse use) throws IOException {
    try (var _ = Scope.open()) {
      var rows = rows(writer);
      var others = other.rows(writer);
      if (rows.dim(0) != others.dim(0)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "tensor \"%s\" has %d stream vectors in %s and %d in %s",
                writer.tensor(),
                rows.dim(0),
                files.name(),
                others.dim(0),
                other.files.name()));
      }
      for (long from = 0; from < rows.dim(0); from += CHUNK) {
        try (var _ = Scope.open()) {
          use.accept(chunk(rows, from), chunk(others, from));
        }
      }
    }
  }

  private static Tensor chunk(Tensor rows, long from) {
    return rows.narrow(0, from, Math.min(CHUNK, rows.dim(0) - from)).to(DType.F64);
  }

  /// A view of a matrix as its stream vectors.
  private Tensor rows(StreamWriter writer) throws IOException {
    var stored = load(writer.tensor());
    var rows =
        writer.layout() == Layout.ROWS
            ? stored.reshape(-1, stored.dim(stored.rank() - 1))
            : stored.transpose(stored.rank() - 2, stored.rank() - 1).reshape(-1, dModel());
    if (rows.dim(1) != dModel()) {
      throw new ModelFormatException(
          Path.of(files.name()),
          "tensor \""
              + writer.tensor()
              + "\" has shape "
              + stored.shape()
              + ", expected one extent of d_model = "
              + dModel());
    }
    return rows;
  }

  /// Takes some stream vectors.
  @FunctionalInterface
  interface VectorUse {
    void accept(Tensor vectors) throws IOException;
  }

  /// Takes some stream vectors of two checkpoints.
  @FunctionalInterface
  interface VectorPairUse {
    void accept(Tensor vectors, Tensor others) throws IOException;
  }

  /// The scale γ between a matrix and the stream, float64 `[d_model]`; ones where there is no norm.
  Tensor scale(StreamWriter writer) throws IOException {
    if (writer.after().isEmpty()) {
      return Tensor.zeros(DType.F64, dModel()).plus(1);
    }
    return writer.after().get().scale(name -> load(name).to(DType.F64));
  }

  /// Whether a norm stands between the blocks' matrices and the stream.
  boolean hasPostNorms() {
    return writers.tensors().stream().anyMatch(w -> w.after().isPresent());
  }

  /// How a tensor is stored: `BF16`, `Q4_0`, ….
  String type(StreamWriter writer) throws IOException {
    return files.weights().info(writer.tensor()).type();
  }

  /// A tensor in the memory type that holds its values exactly.
  private Tensor load(String name) throws IOException {
    var weights = files.weights();
    return weights.load(name, weights.info(name).type().equals("BF16") ? DType.BF16 : DType.F32);
  }
}
