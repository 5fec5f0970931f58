package dev.demur.toy.train;

import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.toy.Toy;
import dev.demur.toy.grammar.Seeds;
import dev.demur.toy.text.ChatForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import tools.jackson.databind.JsonNode;

/// The weights a training begins with.
public enum Start {
  /// Random ones, for a model that answers at once.
  NOTHING(ChatForm.ANSWER),
  /// Those of the embedded base model, for one that thinks first. The two tokens of a think block
  /// take ids that the vocabulary's padding left free.
  EMBEDDED_BASE(ChatForm.THINK_FIRST);

  private final ChatForm form;

  Start(ChatForm form) {
    this.form = form;
  }

  /// What the turns of the model are made of.
  ChatForm form() {
    return form;
  }

  /// The weights.
  ///
  /// @param seeds for random ones
  /// @param folder where the embedded model may be unpacked to
  Parameters parameters(Shape shape, JsonNode config, Seeds seeds, Path folder) throws IOException {
    return switch (this) {
      case NOTHING -> Parameters.initial(shape, config, seeds);
      case EMBEDDED_BASE -> embedded(shape, config, folder.resolve("start"));
    };
  }

  private static Parameters embedded(Shape shape, JsonNode config, Path folder) throws IOException {
    Toy.export(Toy.Model.BASE, folder);
    var tensors = new LinkedHashMap<String, Tensor>();
    try (var stored = Safetensors.open(folder.resolve("model.safetensors"))) {
      for (var slot : shape.slots()) {
        long[] size = slot.shape().stream().mapToLong(Long::longValue).toArray();
        var mapped = Tensor.map(stored.bytes(slot.name()), DType.BF16, size);
        tensors.put(slot.name(), mapped.to(DType.F32));
      }
    }
    return new Parameters(shape, config, tensors);
  }
}
