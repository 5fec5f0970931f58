package dev.demur.toy.train;

import dev.demur.model.DeviceChoice;
import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Holding.Quantised;
import dev.demur.model.arch.Placement;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Gradients;
import dev.demur.model.tensor.Tensor;
import dev.demur.toy.grammar.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The weights of a model in training, float32, by Hugging Face name. Changed by the optimiser.
///
/// @param shape what they are the weights of
/// @param config `config.json`
/// @param tensors the weights, in the order of [Shape#slots]
/// @param placement where they lie
record Parameters(Shape shape, JsonNode config, Map<String, Tensor> tensors, Placement placement) {

  Parameters {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /// On the host.
  Parameters(Shape shape, JsonNode config, Map<String, Tensor> tensors) {
    this(shape, config, tensors, Placement.host());
  }

  /// These weights elsewhere. Comes before [#track]: a copy of a tracked weight learns nothing.
  Parameters on(DeviceChoice device) throws IOException {
    var there = device.placement(files(), DType.F32);
    var moved = new LinkedHashMap<String, Tensor>();
    tensors.forEach((name, tensor) -> moved.put(name, tensor.on(there.of(name))));
    return new Parameters(shape, config, moved, there);
  }

  /// Random weights.
  static Parameters initial(Shape shape, JsonNode config, Seeds seeds) {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (var slot : shape.slots()) {
      long[] size = slot.shape().stream().mapToLong(Long::longValue).toArray();
      var random = seeds.forStage("weights/" + slot.name());
      tensors.put(
          slot.name(),
          slot.deviation() == 0
              ? Tensor.zeros(DType.F32, size).plus(1)
              : Tensor.gaussian(random, size).times(slot.deviation()));
    }
    return new Parameters(shape, config, tensors);
  }

  /// Tracks the weights a phase trains and freezes the others.
  ///
  /// @return the tracked ones
  List<Tensor> track(Phase.Trained trained) {
    var tracked = new ArrayList<Tensor>();
    tensors.forEach(
        (name, tensor) -> {
          if (learns(trained, name)) {
            tracked.add(Gradients.track(tensor));
          } else {
            Gradients.freeze(tensor);
          }
        });
    return tracked;
  }

  /// Demur's own forward pass over these very tensors, so that gradients reach them.
  Transformer transformer() throws IOException {
    return Family.load(files(), new Holding(DType.F32, Quantised.DECODED, placement));
  }

  private TensorFiles files() {
    return new TensorFiles("toy", config, tensors);
  }

  private static boolean learns(Phase.Trained trained, String name) {
    return switch (trained) {
      case Phase.Trained.Everything() -> true;
      case Phase.Trained.FirstLayers(int layers) -> {
        for (int layer = 0; layer < layers; layer++) {
          if (name.startsWith("model.layers." + layer + ".")) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
