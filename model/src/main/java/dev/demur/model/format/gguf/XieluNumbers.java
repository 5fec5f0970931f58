package dev.demur.model.format.gguf;

import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The trained numbers of xIELU (Apertus): GGUF has one of each layer in its metadata, Hugging Face
/// has tensors of one element.
final class XieluNumbers {

  private static final List<String> NAMES = List.of("alpha_p", "alpha_n", "beta", "eps");

  private XieluNumbers() {}

  /// @throws ModelFormatException if the metadata holds something else under their names
  static Map<String, Located> of(GgufMetadata metadata) throws ModelFormatException {
    var located = new LinkedHashMap<String, Located>();
    for (String name : NAMES) {
      if (!(metadata.values().get("xielu." + name) instanceof List<?> each)) {
        throw new ModelFormatException(
            metadata.file(), "has no xielu." + name + ", expected a number of each layer");
      }
      for (int layer = 0; layer < each.size(); layer++) {
        if (!(each.get(layer) instanceof Number number)) {
          throw new ModelFormatException(
              metadata.file(), "metadata key xielu." + name + " holds no numbers");
        }
        String tensor = "model.layers." + layer + ".mlp.act_fn." + name;
        located.put(tensor, one(tensor, number.floatValue()));
      }
    }
    return located;
  }

  private static Located one(String name, float value) {
    return new Located(
        new TensorInfo(name, "F32", List.of(1L), Float.BYTES),
        to -> {
          try (var scope = Scope.open()) {
            return scope.keep(Tensor.of(new float[] {value}, 1).to(to));
          }
        });
  }
}
