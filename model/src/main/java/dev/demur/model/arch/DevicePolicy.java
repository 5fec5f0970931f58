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
/// @param blockQueries queries of a block where it is not, or cannot be used
/// @param between what bfloat16 models hold between two products of a block
/// @param packed whether all sequences of a pass attend in one call, whatever their lengths
/// @param keyStep keys of a step are looked at in multiples of this, the last ones masked: a card's
///   kernels are planned anew for every number of keys
/// @param unembeddedRows rows of the unembedding multiplied at once in float32
/// @param groupedFrom tokens from which experts are run each on its own tokens, which asks the
///   device which those are; with fewer every expert runs on all and counts with a weight of 0
public record DevicePolicy(
    int batchTokens,
    DType cacheType,
    long cacheBytes,
    int fusedQueries,
    int blockQueries,
    Between between,
    Packed packed,
    int keyStep,
    int unembeddedRows,
    int groupedFrom) {

  /// What a bfloat16 model holds between two products of a block: queries, keys, z, neurons.
  public enum Between {
    /// Float32, to which each product is converted: nothing is rounded twice.
    FLOAT32,
    /// The matrices' own type, as transformers has it: half the memory to move where that is what
    /// takes the time, and what flash kernels want. The stream itself is float32.
    MATRIX_TYPE
  }

  /// Whether sequences of all lengths share a call of attention.
  public enum Packed {
    YES,
    NO
  }

  /// 1,024 rows, and float32 keys (libtorch attends to bfloat16 ones several times as slowly). A
  /// block's pattern with 4096 keys and 32 heads is 256 MB. 512 rows of a 1.5B model's unembedding
  /// are 3 MB in float32: they are multiplied while they are in the caches. Measured:
  /// docs/results/performance.md.
  private static final DevicePolicy HOST =
      new DevicePolicy(
          1024, DType.F32, 1L << 30, Integer.MAX_VALUE, 512, Between.FLOAT32, Packed.NO, 1, 512, 0);

  /// Prompts are read at 65 % of an H100's products so; other sizes were not tried:
  /// docs/devices.md.
  private static final DevicePolicy CARD =
      new DevicePolicy(
          8192,
          DType.BF16,
          8L << 30,
          Integer.MAX_VALUE,
          2048,
          Between.MATRIX_TYPE,
          Packed.YES,
          256,
          32_768,
          64);

  /// No numbers, so no device can be asked for any; libtorch's fused kernel knows no shapes.
  private static final DevicePolicy SHAPES =
      new DevicePolicy(
          1024,
          DType.BF16,
          1L << 30,
          0,
          2048,
          Between.MATRIX_TYPE,
          Packed.NO,
          256,
          32_768,
          Integer.MAX_VALUE);

  /// What a card does, as far as there are kernels for it on the host, in batches a test can wait
  /// for.
  private static final DevicePolicy LAZY =
      new DevicePolicy(
          1024,
          DType.BF16,
          1L << 30,
          Integer.MAX_VALUE,
          2048,
          Between.MATRIX_TYPE,
          Packed.NO,
          256,
          32_768,
          64);

  /// What suits a device.
  public static DevicePolicy of(Device device) {
    return switch (device.kind()) {
      case CPU -> HOST;
      case CUDA -> CARD;
      case META -> SHAPES;
      case LAZY -> LAZY;
    };
  }
}
