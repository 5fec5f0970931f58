package dev.demur.model.format.gguf;

import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Relayout;
import dev.demur.model.format.StoredTensor;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The experts of gpt-oss: GGUF has gate and up matrices apart, Hugging Face has their columns in
/// turn in `gate_up_proj` `[expert, d_model, 2 d_mlp]`, and `down_proj` `[expert, d_mlp, d_model]`.
final class GptOssExperts {

  private static final Pattern NAME =
      Pattern.compile("blk\\.(\\d+)\\.(attn_sinks|ffn_(gate|up|down)_exps)\\.(weight|bias)");

  private GptOssExperts() {}

  /// Adds what a tensor becomes, if it is one of the experts' or the sinks.
  ///
  /// @return false for any other tensor
  /// @throws ModelFormatException if gate and up do not go together
  static boolean locate(
      Map<String, Located> located, Map<String, StoredTensor> tensors, StoredTensor stored)
      throws ModelFormatException {
    var name = NAME.matcher(stored.info().name());
    if (!name.matches()) {
      return false;
    }
    String layer = "model.layers." + name.group(1);
    boolean isBias = name.group(4).equals("bias");
    String suffix = isBias ? "_bias" : "";
    if (name.group(2).equals("attn_sinks")) {
      add(located, layer + ".self_attn.sinks", stored, new Relayout.None());
      return true;
    }
    requireRank(stored, isBias ? 2 : 3);
    switch (name.group(3)) {
      case "down" ->
          add(
              located,
              layer + ".mlp.experts.down_proj" + suffix,
              stored,
              isBias ? new Relayout.None() : new Relayout.TransposedStack());
      case "gate" ->
          addGateAndUp(
              located,
              layer + ".mlp.experts.gate_up_proj" + suffix,
              stored,
              tensors.get(stored.info().name().replace("_gate_", "_up_")));
      default -> {
        // Goes with its gate.
      }
    }
    return true;
  }

  private static void add(
      Map<String, Located> located, String name, StoredTensor stored, Relayout relayout) {
    located.put(name, GgufFile.located(name, stored, relayout));
  }

  private static void requireRank(StoredTensor stored, int rank) throws ModelFormatException {
    if (stored.info().shape().size() != rank) {
      throw new ModelFormatException(
          stored.file(),
          "tensor \""
              + stored.info().name()
              + "\" has shape "
              + stored.info().shape()
              + ", expected "
              + rank
              + " dimensions");
    }
  }

  private static void addGateAndUp(
      Map<String, Located> located, String name, StoredTensor gate, @Nullable StoredTensor up)
      throws ModelFormatException {
    if (up == null || !up.info().shape().equals(gate.info().shape())) {
      throw new ModelFormatException(
          gate.file(), "tensor \"" + gate.info().name() + "\" has no up matrix of its shape");
    }
    List<Long> shape = gate.info().shape();
    List<Long> merged =
        shape.size() == 2
            ? List.of(shape.get(0), 2 * shape.get(1))
            : List.of(shape.get(0), shape.get(2), 2 * shape.get(1));
    var info =
        new TensorInfo(name, gate.info().type(), merged, gate.info().bytes() + up.info().bytes());
    located.put(name, new Located(info, to -> merge(gate, up, merged, to)));
  }

  private static Tensor merge(StoredTensor gate, StoredTensor up, List<Long> merged, DType to) {
    try (var scope = Scope.open()) {
      var both = Tensor.stack(List.of(gate.load(to), up.load(to))); // [2, expert, d_mlp(, d_model)]
      var inTurn =
          merged.size() == 2
              ? both.transpose(0, 1).transpose(1, 2)
              : both.transpose(0, 3).transpose(0, 1);
      long[] shape = merged.stream().mapToLong(Long::longValue).toArray();
      return scope.keep(inTurn.reshape(shape).contiguous());
    }
  }
}
