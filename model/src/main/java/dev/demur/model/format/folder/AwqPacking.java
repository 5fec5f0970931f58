package dev.demur.model.format.folder;

import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.Quantisation.Awq;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// AWQ in four bits, layout GEMM: `NAME.qweight` `[in, out / 8]`, `NAME.qzeros` `[group, out / 8]`
/// and `NAME.scales` `[group, out]`. The eight outputs of a word lie in the order 0, 2, 4, 6, 1, 3,
/// 5, 7.
///
/// Source: `dequantize_gemm` of GPTQModel 7.7, the same as AutoAWQ's.
record AwqPacking(Awq awq) implements Packing {

  private static final String WEIGHTS = ".qweight";
  private static final String ZEROS = ".qzeros";
  private static final String SCALES = ".scales";

  private static final WordFields FIELDS = new WordFields(4);

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
  public boolean isPart(String name, Parts parts) {
    return parts.suffixBeside(WEIGHTS, name, List.of(ZEROS, SCALES)).isPresent();
  }

  private TensorInfo info(String base, Parts parts) throws IOException {
    var weights = parts.matrix(base + WEIGHTS, "I32");
    var zeros = parts.matrix(base + ZEROS, "I32");
    var scales = parts.info(base + SCALES);
    long inputs = weights.shape().get(0);
    long outputs = Math.multiplyExact(weights.shape().get(1), FIELDS.perWord());
    long width = awq.groupSize() < 0 ? Math.max(1, inputs) : awq.groupSize();
    if (!Parts.isExtent(outputs)) {
      throw parts.unfit(base + WEIGHTS, "expected fewer than 2^31 outputs");
    }
    if (inputs % width != 0 || !scales.shape().equals(List.of(inputs / width, outputs))) {
      throw parts.unfit(
          base + SCALES,
          "expected "
              + outputs
              + " outputs for "
              + inputs
              + " inputs in groups of "
              + width
              + ", as config.json says");
    }
    if (!zeros.shape().equals(List.of(inputs / width, weights.shape().get(1)))) {
      throw parts.unfit(base + ZEROS, "expected a zero point for each scale " + scales.shape());
    }
    return new TensorInfo(
        base + ".weight",
        "AWQ4",
        List.of(outputs, inputs),
        weights.bytes() + zeros.bytes() + scales.bytes());
  }

  private static Tensor load(String base, TensorInfo info, Parts parts, DType to)
      throws IOException {
    int inputs = Math.toIntExact(info.shape().get(1));
    int outputs = Math.toIntExact(info.shape().get(0));
    int words = outputs / FIELDS.perWord();
    int[] weights = parts.words(base + WEIGHTS);
    int[] zeros = parts.words(base + ZEROS);
    var scales = Scales.matrix(base + SCALES, parts);
    int width = inputs / Math.max(1, scales.first());
    return new GroupedIntegers(
            parts.file(base + WEIGHTS),
            info,
            GroupedIntegers.Order.INPUTS,
            scales.rounding(),
            (input, row) -> {
              int group = input / width;
              for (int output = 0; output < outputs; output++) {
                int word = output / FIELDS.perWord();
                int place = place(output % FIELDS.perWord());
                int value =
                    FIELDS.at(weights[input * words + word], place)
                        - FIELDS.at(zeros[group * words + word], place);
                row[output] = value * scales.values().at(group * outputs + output);
              }
            })
        .load(to);
  }

  /// Where an output lies in its word: even ones in the lower half, odd ones in the upper.
  private static int place(int output) {
    return output / 2 + output % 2 * (FIELDS.perWord() / 2);
  }
}
