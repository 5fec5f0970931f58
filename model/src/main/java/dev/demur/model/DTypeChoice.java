package dev.demur.model;

import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Holding.Quantised;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/// The type to hold a model's matrices in.
public enum DTypeChoice {
  /// bfloat16, except for checkpoints stored in float32 and for those that take at most 64 MiB in
  /// float32. So small a model saves no memory worth having, is slower in bfloat16 on processors
  /// without units for it, and its digits would depend on the processor.
  AUTO,
  /// bfloat16 matrices; norms and the residual stream stay float32.
  BF16,
  /// float32 throughout.
  F32,
  /// Quantised matrices as the file has them, decoded whenever many rows are multiplied; others
  /// like [#AUTO].
  STORED;

  /// Far above the embedded models (5.7 MiB), far below the smallest published chat models (256 MiB
  /// in bfloat16): which of the two a checkpoint is, is never close.
  private static final long SMALL_BYTES = 64L << 20;

  /// Reads `auto`, `bf16`, `f32` or `stored`.
  ///
  /// @throws IllegalArgumentException if the text is none of them
  public static DTypeChoice parse(String text) {
    return Arrays.stream(values())
        .filter(choice -> choice.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "dtype must be auto, bf16, f32 or stored, was \"" + text + "\""));
  }

  /// The name in flags and reports.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// How this choice holds a checkpoint's matrices.
  ///
  /// @param devices on which
  public Holding holding(ModelFiles files, DeviceChoice devices) throws IOException {
    var quantised = this == STORED ? Quantised.AS_STORED : Quantised.DECODED;
    return new Holding(dtype(files), quantised, devices.placement(files, dtype(files)));
  }

  /// How this choice holds them for writing one sequence at a time: [#AUTO] then leaves quantised
  /// matrices where kernels read them, on the host.
  public Holding holdingForOneSequence(ModelFiles files, DeviceChoice devices) throws IOException {
    var holding = holding(files, devices);
    return this == AUTO && holding.placement().isHost()
        ? new Holding(holding.dtype(), Quantised.FOR_KERNELS)
        : holding;
  }

  private DType dtype(ModelFiles files) throws IOException {
    return switch (this) {
      case BF16 -> DType.BF16;
      case F32 -> DType.F32;
      case AUTO, STORED -> {
        String first = files.weights().names().iterator().next();
        for (String name : files.weights().names()) {
          first = name.contains("embed") ? name : first;
        }
        boolean stored = files.weights().info(first).type().equals("F32");
        yield stored || isSmall(files) ? DType.F32 : DType.BF16;
      }
    };
  }

  private static boolean isSmall(ModelFiles files) throws IOException {
    return DeviceChoice.sizes(files, DType.F32).total() <= SMALL_BYTES;
  }
}
