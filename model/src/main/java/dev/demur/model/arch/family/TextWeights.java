package dev.demur.model.arch.family;

import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.StoredMatrix;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.format.Weights;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The tensors of a text model inside a multimodal checkpoint, under the names they have alone.
///
/// @param stored all tensors of the checkpoint
/// @param inWhole names in the checkpoint by those alone
record TextWeights(Weights stored, Map<String, String> inWhole) implements Weights {

  private static final String OLDER = "language_model.";
  private static final String NEWER = "model.language_model.";

  static TextWeights of(ModelFiles files) throws UnsupportedModelException {
    var inWhole = new LinkedHashMap<String, String>();
    for (String name : files.weights().names()) {
      if (Multimodal.isBesideText(name)) {
        continue;
      }
      String other = inWhole.put(alone(name), name);
      if (other != null) {
        throw new UnsupportedModelException(
            files.name()
                + ": tensors \""
                + other
                + "\" and \""
                + name
                + "\" are one and the same in the text model; remove one of them.");
      }
    }
    return new TextWeights(files.weights(), inWhole);
  }

  /// Qwen's first checkpoints name their text as if it were alone.
  private static String alone(String name) {
    if (name.startsWith(NEWER)) {
      return "model." + name.substring(NEWER.length());
    }
    return name.startsWith(OLDER) ? name.substring(OLDER.length()) : name;
  }

  /// The name in the checkpoint; of a tensor that is not there, the one it would have.
  String whole(String name) {
    String known = inWhole.get(name);
    if (known != null) {
      return known;
    }
    boolean older = inWhole.values().stream().anyMatch(whole -> whole.startsWith(OLDER));
    return older ? OLDER + name : name;
  }

  @Override
  public Set<String> names() {
    return inWhole.keySet();
  }

  @Override
  public TensorInfo info(String name) throws IOException {
    var info = stored.info(whole(name));
    return new TensorInfo(name, info.type(), info.shape(), info.bytes());
  }

  @Override
  public Tensor load(String name, DType dtype) throws IOException {
    return stored.load(whole(name), dtype);
  }

  @Override
  public Optional<StoredMatrix> stored(String name, DType dtype) throws IOException {
    return stored.stored(whole(name), dtype);
  }

  @Override
  public List<MemorySegment> mapped() {
    return stored.mapped();
  }

  @Override
  public void close() {
    stored.close();
  }
}
