package dev.demur.kit;

import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.Weights;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;

/// A checkpoint whose tensors go by other names, or by more.
public interface RenamedFiles extends FilesOver, Weights {

  /// The name a tensor has underneath.
  String original(String name);

  @Override
  default TensorInfo info(String name) throws IOException {
    return files().weights().info(original(name));
  }

  @Override
  default Tensor load(String name, DType dtype) throws IOException {
    return files().weights().load(original(name), dtype);
  }

  @Override
  default Weights weights() {
    return this;
  }

  @Override
  default void close() {
    files().close();
  }
}
