package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;

/// What a pass does differently from device to device. None of it changes what is computed, only
/// the order of sums and the type keys and values are multiplied in.
///
/// @param batchTokens rows at which matrix products reach their best rate
/// @param cacheType what keys and values of sequences side by side are kept in
/// @param cacheBytes what they may take
/// @param fusedQueries queries up to which the fused attention kernel is the fastest route
/// @param blockQueries queries of a block where it is not
/// @param narrowAttention whether bfloat16 models attend in bfloat16, which flash kernels want
/// @param unembeddedRows rows of the unembedding multiplied at once in float32
/// @param groupedFrom tokens from which experts are run each on its own tokens, which asks the
///   device which those are; with fewer every expert runs on all and counts with a weight of 0
public record DevicePolicy(
    int batchTokens,
    DType cacheType,
    long cacheBytes,
    int fusedQueries,
    int blockQueries,
    boolean narrowAttention,
    int unembeddedRows,
    int groupedFrom) {

  /// 1,024 rows, float32 keys (libtorch attends to bfloat16 ones several times as slowly), and no
  /// fused attention above 120 queries: its small products are then large enough for OpenBLAS to
  /// share out, within threads that already share, and took up to fifty times what the three
  /// operations take one by one. A block's pattern with 4096 keys and 32 heads is 256 MB; 4096 rows
  /// of a 1.5B model's unembedding are 25 MB. Measured: docs/results/performance.md.
  private static final DevicePolicy HOST =
      new DevicePolicy(1024, DType.F32, 1L << 30, 120, 512, false, 4096, 0);

  /// Reckoned from a card's rates, not yet measured on one: docs/devices.md.
  private static final DevicePolicy CARD =
      new DevicePolicy(8192, DType.BF16, 8L << 30, Integer.MAX_VALUE, 2048, true, 32_768, 64);

  /// No numbers, so no device can be asked for any; libtorch's fused kernel knows no shapes.
  private static final DevicePolicy SHAPES =
      new DevicePolicy(1024, DType.BF16, 1L << 30, 0, 2048, true, 32_768, Integer.MAX_VALUE);

  /// What suits a device.
  public static DevicePolicy of(Device device) {
    return switch (device.kind()) {
      case CPU -> HOST;
      case CUDA -> CARD;
      case META -> SHAPES;
    };
  }
}
