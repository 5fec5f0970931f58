package dev.demur.model.format.gguf;

import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.StoredTensor;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/// What a GGUF file says of its model: metadata under the architecture's prefix, and which tensors
/// there are.
///
/// @param architecture `general.architecture`
/// @param tensors by GGUF name
record GgufFacts(String architecture, GgufMetadata metadata, Map<String, StoredTensor> tensors) {

  /// A number, when there is one. Of one for each layer, the largest.
  OptionalDouble number(String key) throws ModelFormatException {
    return switch (metadata.values().get(architecture + "." + key)) {
      case Number number -> OptionalDouble.of(number.doubleValue());
      case List<?> each -> {
        double most = Double.NEGATIVE_INFINITY;
        for (var one : each) {
          most = Math.max(most, number(key, one));
        }
        yield each.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(most);
      }
      case null, default -> OptionalDouble.empty();
    };
  }

  private double number(String key, Object value) throws ModelFormatException {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    throw new ModelFormatException(
        metadata.file(), "metadata key " + architecture + "." + key + " holds no numbers");
  }

  /// The same as a whole number.
  OptionalLong whole(String key) throws ModelFormatException {
    var number = number(key);
    return number.isPresent() ? OptionalLong.of((long) number.getAsDouble()) : OptionalLong.empty();
  }

  /// What a key says of a layer, when it says something of each.
  OptionalDouble ofLayer(String key, int layer) throws ModelFormatException {
    return metadata.values().get(architecture + "." + key) instanceof List<?> each
            && layer < each.size()
        ? OptionalDouble.of(number(key, each.get(layer)))
        : OptionalDouble.empty();
  }

  /// Whether a key says something of each layer.
  boolean isByLayer(String key) {
    return metadata.values().get(architecture + "." + key) instanceof List<?>;
  }

  /// The layers, at most one a tensor: nothing has checked their count yet.
  LongStream layers() throws ModelFormatException {
    return LongStream.range(0, Math.min(whole("block_count").orElse(0), tensors.size()));
  }

  boolean has(String tensor) {
    return tensors.containsKey(tensor);
  }

  /// Whether a block has a tensor.
  boolean has(long layer, String tensor) {
    return tensors.containsKey("blk." + layer + "." + tensor);
  }

  /// Rows of a tensor; 0 without it.
  long rows(String tensor) {
    var stored = tensors.get(tensor);
    return stored == null ? 0 : stored.info().shape().getFirst();
  }
}
