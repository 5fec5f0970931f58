package dev.demur.kit;

import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.Weights;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.Set;

/// A checkpoint some of whose tensors are replaced as they are read.
///
/// @param files the checkpoint; its owner closes it
/// @param change replaces a tensor
/// @param type what the changed tensors pass for, e.g. `BF16`
public record AlteredFiles(ModelFiles files, Change change, String type)
    implements FilesOver, Weights {

  /// Replaces a tensor.
  @FunctionalInterface
  public interface Change {
    /// @param tensor float32, as stored
    /// @return the tensor itself to leave it alone
    Tensor apply(String name, Tensor tensor) throws IOException;
  }

  @Override
  public Tensor load(String name, DType dtype) throws IOException {
    return change.apply(name, files.weights().load(name, DType.F32)).to(dtype);
  }

  @Override
  public TensorInfo info(String name) throws IOException {
    var info = files.weights().info(name);
    return new TensorInfo(name, type, info.shape(), info.bytes());
  }

  @Override
  public Set<String> names() {
    return files.weights().names();
  }

  @Override
  public Weights weights() {
    return this;
  }

  @Override
  public String weightsHash() {
    return "altered";
  }

  @Override
  public void close() {}
}
