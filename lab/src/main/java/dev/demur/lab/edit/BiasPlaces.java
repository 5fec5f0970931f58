package dev.demur.lab.edit;

import dev.demur.lab.LabRemedy;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.remedy.RequestException;
import dev.demur.model.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where a checkpoint has room for a constant that is added to the stream: the bias of the MLP
/// output one layer below.
final class BiasPlaces {

  /// Families in which `mlp_bias` in the configuration gives every MLP matrix a bias.
  private static final Set<String> OPTIONAL_BIAS = Set.of("llama");

  /// Families whose MLP outputs have biases and are not weighted before they are added. gpt-oss
  /// weights its experts, but the weights of a token sum to 1.
  private static final Set<String> WITH_BIAS = Set.of("llama", "gpt2", "gpt_neox", "gpt_oss");

  private BiasPlaces() {}

  /// Biases a checkpoint does not have yet.
  ///
  /// @param matrix tensor whose bias is `shift`
  /// @param shift `[d_model]`
  record Added(String matrix, Tensor shift) {

    /// What else needs a bias then, of zeros: `mlp_bias` is about all MLP matrices of all layers.
    static final List<String> MATRICES =
        List.of("mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight");

    static boolean needsOne(String tensor) {
      return MATRICES.stream().anyMatch(tensor::endsWith);
    }

    static String biasOf(String matrix) {
      return matrix.replaceFirst("weight$", "bias");
    }
  }

  /// The block behind which a direction is added, −1 before the first.
  ///
  /// @throws IllegalArgumentException if it is added inside a block
  static int blockBefore(HookPoint at) {
    return switch (at.site()) {
      case RESID_PRE -> at.layer() - 1;
      case RESID_POST -> at.layer();
      case ATTN_OUT,
          RESID_MID,
          MLP_OUT,
          Q,
          K,
          V,
          Z,
          ATTN_SCORES,
          PATTERN,
          PATTERN_LAST,
          MLP_POST,
          LN_FINAL ->
          throw new IllegalArgumentException(
              "the direction is added at %s, inside a block; only what is added between blocks can be written down"
                  .formatted(at));
    };
  }

  static EditPlan plan(WeightEdit.Shift edit, String model, Writers writers) {
    int layer = blockBefore(edit.direction().source());
    String family = writers.config().family();
    if (layer < 0 || layer >= writers.config().nLayers()) {
      throw new RequestException(
          "the direction is added at %s; %s has no MLP below it whose bias could hold it: add it in"
                  .formatted(edit.direction().source(), model)
              + " the forward pass",
          List.of(LabRemedy.ADD_WHILE_RUNNING));
    }
    var outputs =
        writers.tensors().stream()
            .filter(w -> w.component() == Component.MLP && w.layer().orElse(-1) == layer)
            .toList();
    var shift = edit.direction().raw().times(edit.coefficient());
    var biases = outputs.stream().filter(StreamWriter::isBias).toList();
    if (WITH_BIAS.contains(family) && !biases.isEmpty()) {
      var changes = new LinkedHashMap<String, RowChange>();
      biases.forEach(bias -> changes.put(bias.tensor(), new RowChange.Add(shift)));
      return new EditPlan(changes, Optional.empty(), Optional.empty());
    }
    if (OPTIONAL_BIAS.contains(family) && outputs.size() == 1) {
      var added = new Added(outputs.getFirst().tensor(), shift);
      return new EditPlan(new LinkedHashMap<>(), Optional.empty(), Optional.of(added));
    }
    throw new RequestException(
        model
            + ": models of the family "
            + family
            + " have no bias where what the MLP writes enters the stream, so an addition cannot be"
            + " written into them; add it in the forward pass or write a"
            + " control vector",
        List.of(LabRemedy.ADD_WHILE_RUNNING, LabRemedy.WRITE_CONTROL_VECTOR));
  }
}
