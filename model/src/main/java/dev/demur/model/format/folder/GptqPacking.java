package dev.demur.model.format.folder;

import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Quantisation.Gptq;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// GPTQ: `NAME.qweight` `[in / n, out]` with n inputs in a word, `NAME.qzeros` `[group, out / n]`,
/// `NAME.scales` `[group, out]`, and the group of each input in `NAME.g_idx` `[in]`, which is not
/// in order where inputs were quantised by falling activation (`desc_act`).
///
/// Source: `TorchLinear.dequantize_weight` and `convert_gptq_v1_to_v2_format_module` of GPTQModel
/// 7.7. It adds one to stored zero points a word at a time, so that a zero point of zero, stored as
/// a borrow from the next one, comes out as it was.
record GptqPacking(Gptq gptq) implements Packing {

  private static final String WEIGHTS = ".qweight";
  private static final String ZEROS = ".qzeros";
  private static final String SCALES = ".scales";
  private static final String GROUPS = ".g_idx";
  private static final String BIAS = ".bias";

  @Override
  public Optional<Located> matrix(String name, Parts parts) throws IOException {
    if (!name.endsWith(WEIGHTS)) {
      return Optional.empty();
    }
    String base = name.substring(0, name.length() - WEIGHTS.length());
    var info = info(base, parts);
    return Optional.of(new Located(info, to -> load(base, info, parts, to)));
  }

  @Override
  public boolean isPart(String name, Parts parts) throws IOException {
    var suffix = parts.suffixBeside(WEIGHTS, name, List.of(ZEROS, SCALES, GROUPS, BIAS));
    return suffix.isPresent() && (!suffix.get().equals(BIAS) || addsNothing(name, parts));
  }

  /// Early versions of AutoGPTQ give every matrix a bias, of zeros where the model has none.
  private static boolean addsNothing(String bias, Parts parts) throws IOException {
    for (float value : parts.floats(bias)) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private WordFields fields() {
    return new WordFields(gptq.bits());
  }

  private TensorInfo info(String base, Parts parts) throws IOException {
    var weights = parts.matrix(base + WEIGHTS, "I32");
    var zeros = parts.matrix(base + ZEROS, "I32");
    var scales = parts.info(base + SCALES);
    long outputs = weights.shape().get(1);
    long bytes = weights.bytes() + zeros.bytes() + scales.bytes();
    long inputs = Math.multiplyExact(weights.shape().get(0), fields().perWord());
    if (scales.shape().size() != 2 || scales.shape().get(0) < 1) {
      throw parts.unfit(base + SCALES, "expected a matrix [group, out]");
    }
    long groups = scales.shape().get(0);
    if (parts.has(base + GROUPS)) {
      var order = parts.info(base + GROUPS);
      inputs = order.elements();
      bytes += order.bytes();
      if (order.shape().size() != 1 || fields().words(inputs) != weights.shape().get(0)) {
        throw parts.unfit(base + GROUPS, "expected one group for each input of " + weights.shape());
      }
    } else if (Math.ceilDiv(inputs, width(inputs)) != groups) {
      throw parts.unfit(
          base + SCALES,
          inputs + " inputs in groups of " + width(inputs) + ", as config.json says");
    }
    if (!Parts.isExtent(inputs)) {
      throw parts.unfit(base + WEIGHTS, "expected fewer than 2^31 inputs");
    }
    if (scales.shape().get(1) != outputs) {
      throw parts.unfit(base + SCALES, "expected a scale for each of " + outputs + " outputs");
    }
    if (!zeros.shape().equals(List.of(groups, fields().words(outputs)))) {
      throw parts.unfit(base + ZEROS, "expected a zero point for each scale " + scales.shape());
    }
    return new TensorInfo(base + ".weight", "GPTQ" + gptq.bits(), List.of(outputs, inputs), bytes);
  }

  private long width(long inputs) {
    return gptq.groupSize() < 0 ? Math.max(1, inputs) : gptq.groupSize();
  }

  private Tensor load(String base, TensorInfo info, Parts parts, DType to) throws IOException {
    var fields = fields();
    int outputs = Math.toIntExact(info.shape().get(0));
    int[] weights = parts.words(base + WEIGHTS);
    var scales = Scales.matrix(base + SCALES, parts);
    int[] zeros = zeros(parts.words(base + ZEROS), scales);
    int[] groups = groups(base, Math.toIntExact(info.shape().get(1)), scales.first(), parts);
    return new GroupedIntegers(
            parts.file(base + WEIGHTS),
            info,
            GroupedIntegers.Order.INPUTS,
            scales.rounding(),
            (input, row) -> {
              int first = input / fields.perWord() * outputs;
              int place = input % fields.perWord();
              int group = groups[input] * outputs;
              for (int output = 0; output < outputs; output++) {
                int value = fields.at(weights[first + output], place) - zeros[group + output];
                row[output] = value * scales.values().at(group + output);
              }
            })
        .load(to);
  }

  private int[] zeros(int[] stored, Scales scales) {
    var fields = fields();
    int less =
        switch (gptq.zeros()) {
          case LESS_ONE -> fields.ones();
          case AS_THEY_ARE -> 0;
        };
    int width = Math.toIntExact(fields.words(scales.second()));
    int[] zeros = new int[scales.first() * scales.second()];
    for (int i = 0; i < zeros.length; i++) {
      int output = i % scales.second();
      int word = stored[i / scales.second() * width + output / fields.perWord()] + less;
      zeros[i] = fields.at(word, output % fields.perWord());
    }
    return zeros;
  }

  private int[] groups(String base, int inputs, int count, Parts parts) throws IOException {
    int[] groups = new int[inputs];
    if (!parts.has(base + GROUPS)) {
      for (int i = 0; i < inputs; i++) {
        groups[i] = (int) (i / width(inputs));
      }
      return groups;
    }
    int[] stored = parts.words(base + GROUPS);
    for (int i = 0; i < inputs; i++) {
      if (stored[i] < 0 || stored[i] >= count) {
        throw new ModelFormatException(
            parts.file(base + GROUPS),
            "tensor \""
                + base
                + GROUPS
                + "\" puts input "
                + i
                + " into group "
                + stored[i]
                + ", expected 0 to "
                + (count - 1)
                + "; fetch the file again");
      }
      groups[i] = stored[i];
    }
    return groups;
  }
}
