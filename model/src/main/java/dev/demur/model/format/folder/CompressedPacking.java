package dev.demur.model.format.folder;

import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.Quantisation.CompressedTensors;
import dev.demur.model.format.Quantisation.Scheme;
import dev.demur.model.format.Quantisation.Zero;
import dev.demur.model.format.TensorInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// compressed-tensors: whole numbers in words (`NAME.weight_packed`, `pack-quantized`) or in bytes
/// (`NAME.weight`, `int-quantized`), and float8, each with `NAME.weight_scale`. Scales of
/// activations are left out: nothing here rounds activations.
///
/// Source: `PackedQuantizationCompressor` and `NaiveQuantizationCompressor` of compressed-tensors
/// 0.20.
record CompressedPacking(CompressedTensors compressed) implements Packing {

  private static final String WEIGHT = ".weight";
  private static final String PACKED = WEIGHT + "_packed";
  private static final String SCALE = WEIGHT + "_scale";

  private static final Pattern PART =
      Pattern.compile("(.*)\\.weight_(scale|zero_point|shape|g_idx)");

  private static final Pattern OF_ACTIVATIONS =
      Pattern.compile(".*\\.((input|output)_(global_)?|[qkv]_)(scale|zero_point)");

  @Override
  public Optional<Located> matrix(String name, Parts parts) throws IOException {
    if (name.endsWith(PACKED)) {
      String base = name.substring(0, name.length() - PACKED.length());
      return Optional.of(located(packed(base, parts), parts));
    }
    if (!name.endsWith(WEIGHT) || !parts.has(name + "_scale")) {
      return Optional.empty();
    }
    String base = name.substring(0, name.length() - WEIGHT.length());
    var info = parts.info(name);
    return switch (info.type()) {
      case "I8" -> Optional.of(located(plain(base, parts), parts));
      case "F8_E4M3" -> {
        var weight = parts.located(name);
        var scale = parts.located(base + SCALE);
        yield Optional.of(
            new Located(info, to -> ScaledFloat8.loadRounded(parts.folder(), weight, scale, to)));
      }
      default -> Optional.empty();
    };
  }

  @Override
  public boolean isPart(String name, Parts parts) {
    var part = PART.matcher(name);
    return OF_ACTIVATIONS.matcher(name).matches()
        || (part.matches()
            && (parts.has(part.group(1) + WEIGHT) || parts.has(part.group(1) + PACKED)));
  }

  private static Located located(CompressedMatrix matrix, Parts parts) {
    return new Located(matrix.info(), to -> matrix.load(parts, to));
  }

  /// What the words say they are; the file tells whether they can be.
  private CompressedMatrix packed(String base, Parts parts) throws IOException {
    var words = parts.matrix(base + PACKED, "I32");
    var shape = parts.info(base + WEIGHT + "_shape");
    long[] extents =
        shape.elements() == 2 ? parts.numbers(base + WEIGHT + "_shape") : new long[] {0, 0};
    long outputs = words.shape().get(0);
    if (extents[0] != outputs || !Parts.isExtent(extents[1])) {
      throw parts.unfit(base + WEIGHT + "_shape", "expected the two extents [" + outputs + ", in]");
    }
    for (var scheme : compressed.schemes()) {
      if (new WordFields(scheme.bits()).words(extents[1]) == words.shape().get(1)
          && goesWith(scheme, base, extents[1], parts)) {
        return new CompressedMatrix(
            base,
            new TensorInfo(
                base + WEIGHT,
                "INT" + scheme.bits(),
                List.of(outputs, extents[1]),
                words.bytes() + parts.info(base + SCALE).bytes()),
            scheme,
            CompressedMatrix.Kept.IN_WORDS);
      }
    }
    throw noScheme(base + PACKED, parts);
  }

  private CompressedMatrix plain(String base, Parts parts) throws IOException {
    var numbers = parts.matrix(base + WEIGHT, "I8");
    for (var scheme : compressed.schemes()) {
      if (goesWith(scheme, base, numbers.shape().get(1), parts)) {
        return new CompressedMatrix(
            base,
            new TensorInfo(
                base + WEIGHT,
                "INT8",
                numbers.shape(),
                numbers.bytes() + parts.info(base + SCALE).bytes()),
            scheme,
            CompressedMatrix.Kept.IN_BYTES);
      }
    }
    throw noScheme(base + WEIGHT, parts);
  }

  private static boolean goesWith(Scheme scheme, String base, long inputs, Parts parts)
      throws IOException {
    var scale = parts.info(base + SCALE);
    long groups = scale.shape().size() == 2 ? scale.shape().get(1) : 1;
    boolean whole =
        scheme.groupSize() < 0
            ? groups == 1
            : Math.multiplyExact(groups, scheme.groupSize()) == inputs;
    return whole && (scheme.zero() == Zero.MIDDLE || parts.has(base + WEIGHT + "_zero_point"));
  }

  private IOException noScheme(String name, Parts parts) throws IOException {
    return parts.unfit(
        name,
        "with the scales and zero points in the file, expected what config.json says ("
            + String.join("; ", compressed.schemes().stream().map(Scheme::toString).toList())
            + ")");
  }
}
