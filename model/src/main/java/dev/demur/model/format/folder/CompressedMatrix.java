package dev.demur.model.format.folder;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Quantisation.Scheme;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.List;

/// One matrix of whole numbers as compressed-tensors stores it.
///
/// @param base the name without `.weight`
/// @param info the matrix that comes out, `[out, in]`
/// @param scheme its bits and groups
/// @param kept in what
record CompressedMatrix(String base, TensorInfo info, Scheme scheme, Kept kept) {

  /// In what the numbers lie.
  enum Kept {
    /// Several in a word, the middle of the range added.
    IN_WORDS,
    /// One in a byte, with a sign.
    IN_BYTES
  }

  private static final String SCALE = ".weight_scale";
  private static final String ZERO = ".weight_zero_point";
  private static final String ORDER = ".weight_g_idx";

  /// What is subtracted, by output and group.
  @FunctionalInterface
  private interface Zeros {
    int at(int output, int group);
  }

  /// The stored number of an output and an input.
  @FunctionalInterface
  private interface Numbers {
    int at(int output, int input);
  }

  Tensor load(Parts parts, DType to) throws IOException {
    int inputs = Math.toIntExact(info.shape().get(1));
    int width = scheme.groupSize() < 0 ? inputs : scheme.groupSize();
    int groups = inputs / width;
    float[] scales = parts.floats(base + SCALE);
    int each = scaleOfEach(groups, parts);
    var numbers = numbers(inputs, parts);
    var zeros = zeros(groups, each, parts);
    int[] group = groupOf(inputs, width, groups, parts);
    return new GroupedIntegers(
            parts.file(base + SCALE),
            info,
            GroupedIntegers.Order.OUTPUTS,
            Scales.rounding(base + SCALE, parts),
            (output, row) -> {
              for (int input = 0; input < inputs; input++) {
                int value = numbers.at(output, input) - zeros.at(output, group[input]);
                row[input] = value * scales[(output * groups + group[input]) * each];
              }
            })
        .load(to);
  }

  /// One where every output has scales of its own, zero where all share one.
  private int scaleOfEach(int groups, Parts parts) throws IOException {
    var scale = parts.info(base + SCALE);
    if (scale.elements() == 1) {
      return 0;
    }
    if (!scale.shape().getFirst().equals(info.shape().getFirst())
        || scale.elements() != info.shape().getFirst() * groups) {
      throw parts.unfit(
          base + SCALE, "expected " + groups + " for each of " + info.shape().getFirst() + " rows");
    }
    return 1;
  }

  private Numbers numbers(int inputs, Parts parts) throws IOException {
    return switch (kept) {
      case IN_BYTES -> {
        byte[] bytes = parts.bytes(base + ".weight");
        yield (output, input) -> bytes[output * inputs + input];
      }
      case IN_WORDS -> {
        var fields = new WordFields(scheme.bits());
        int[] words = parts.words(base + ".weight_packed");
        int width = Math.toIntExact(fields.words(inputs));
        int middle = 1 << (scheme.bits() - 1);
        yield (output, input) ->
            fields.at(words[output * width + input / fields.perWord()], input % fields.perWord())
                - middle;
      }
    };
  }

  /// Zero points of packed matrices are packed, too, several outputs in a word.
  private Zeros zeros(int groups, int each, Parts parts) throws IOException {
    if (!parts.has(base + ZERO)) {
      return (_, _) -> 0;
    }
    var stored = parts.info(base + ZERO);
    if (stored.type().equals("I32") && kept == Kept.IN_WORDS) {
      var fields = new WordFields(scheme.bits());
      long packed = fields.words(info.shape().getFirst());
      if (!stored.shape().equals(List.of(packed, (long) groups))) {
        throw parts.unfit(base + ZERO, "expected " + List.of(packed, groups));
      }
      int[] words = parts.words(base + ZERO);
      int middle = 1 << (scheme.bits() - 1);
      return (output, group) ->
          fields.at(words[output / fields.perWord() * groups + group], output % fields.perWord())
              - middle;
    }
    if (stored.elements() != parts.info(base + SCALE).elements()) {
      throw parts.unfit(base + ZERO, "expected one for each scale");
    }
    byte[] bytes = parts.bytes(base + ZERO);
    return (output, group) -> bytes[(output * groups + group) * each];
  }

  /// The group of each input: in order, or as versions before 0.20 store it. Their −1 means "in
  /// order".
  private int[] groupOf(int inputs, int width, int groups, Parts parts) throws IOException {
    int[] inOrder = new int[inputs];
    for (int i = 0; i < inputs; i++) {
      inOrder[i] = i / width;
    }
    if (!parts.has(base + ORDER)) {
      return inOrder;
    }
    int[] stored = parts.words(base + ORDER);
    if (stored.length != inputs) {
      throw parts.unfit(base + ORDER, "expected one group for each of " + inputs + " inputs");
    }
    for (int i = 0; i < inputs; i++) {
      if (stored[i] == -1) {
        return inOrder;
      }
      if (stored[i] < 0 || stored[i] >= groups) {
        throw new ModelFormatException(
            parts.file(base + ORDER),
            "tensor \""
                + base
                + ORDER
                + "\" puts input "
                + i
                + " into group "
                + stored[i]
                + ", expected 0 to "
                + (groups - 1)
                + "; fetch the file again");
      }
    }
    return stored;
  }
}
