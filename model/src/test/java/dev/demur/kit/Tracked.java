package dev.demur.kit;

import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.Weights;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Gradients;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A model's files whose tensors are parameters one can differentiate by.
///
/// @param loaded the parameters given out
public record Tracked(ModelFiles files, Map<String, Tensor> loaded) implements FilesOver, Weights {

  public Tracked(ModelFiles files) {
    this(files, new LinkedHashMap<>());
  }

  @Override
  public Tensor load(String name, DType dtype) {
    // A thread of its own has no scopes: the reader's would free what its caller asks for later.
    var parameter = CompletableFuture.supplyAsync(() -> parameter(name, dtype)).join();
    loaded.put(name, parameter);
    return parameter;
  }

  private Tensor parameter(String name, DType dtype) {
    try {
      return Gradients.track(files.weights().load(name, dtype).copy());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Set<String> names() {
    return files.weights().names();
  }

  @Override
  public TensorInfo info(String name) throws IOException {
    return files.weights().info(name);
  }

  @Override
  public Weights weights() {
    return this;
  }

  @Override
  public void close() {
    files.close();
  }
}
