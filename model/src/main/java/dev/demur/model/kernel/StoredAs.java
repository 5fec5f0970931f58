package dev.demur.model.kernel;

import java.util.Locale;

/// How the numbers of a matrix are stored where kernels can read them.
///
/// Each row is a whole number of blocks: a run of elements that share a scale. The quantised types
/// are those of ggml (`ggml-common.h`), elements and bytes of a block as there.
public enum StoredAs {
  F32(1, 4),
  BF16(1, 2),
  /// 8 bits and one scale for 32.
  Q8_0(32, 34),
  /// 4 bits around 8 and one scale for 32.
  Q4_0(32, 18),
  /// 4 bits, one scale and one least value for 32.
  Q4_1(32, 20),
  /// 4 bits, with a scale and a least value for 32 that share one of each for 256.
  Q4_K(256, 144),
  /// 6 bits around 32, with a scale for 16 that share one for 256.
  Q6_K(256, 210);

  private final int blockElements;
  private final int blockBytes;

  StoredAs(int blockElements, int blockBytes) {
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /// Elements of a block.
  public int blockElements() {
    return blockElements;
  }

  /// Bytes of a block.
  public int blockBytes() {
    return blockBytes;
  }

  /// Bytes of a row.
  ///
  /// @throws IllegalArgumentException if `columns` elements are not a whole number of blocks
  public long rowBytes(int columns) {
    if (columns % blockElements != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a row of %d elements is not a whole number of %s blocks (%d each)",
              columns,
              this,
              blockElements));
    }
    return (long) columns / blockElements * blockBytes;
  }
}
