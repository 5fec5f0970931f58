package dev.demur.model.kernel;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The vectors that rows are multiplied with, laid out as each kernel reads them. One instance
/// serves every matrix that reads the same values. One thread makes it; all threads may read it.
public final class RowInput {

  private final float[] x;
  private final Width width;
  private final int vectors;
  private final Map<StoredAs, float[]> arranged = new EnumMap<>(StoredAs.class);
  private float[] across = {};
  private List<RowInput> each = List.of();

  /// One vector.
  ///
  /// @param x float32, `[columns]`; not to be changed while this is used
  public RowInput(float[] x) {
    this(x, 1);
  }

  /// One vector for kernels of one width.
  ///
  /// @param x as above
  public RowInput(float[] x, Width width) {
    this(x, 1, width);
  }

  /// Several vectors.
  ///
  /// @param x float32, `[vector, columns]`; not to be changed while this is used
  public RowInput(float[] x, int vectors) {
    this(x, vectors, Width.here().orElse(Width.EIGHT));
  }

  private RowInput(float[] x, int vectors, Width width) {
    this.x = x;
    this.vectors = vectors;
    this.width = width;
  }

  /// Which kernels read it.
  Width width() {
    return width;
  }

  /// How many vectors.
  public int vectors() {
    return vectors;
  }

  /// How many values each has.
  public int length() {
    return x.length / vectors;
  }

  /// The vectors in lanes, see [F32Together#arranged].
  float[] across() {
    if (across.length == 0) {
      across = F32Together.arranged(x, vectors);
    }
    return across;
  }

  /// Each vector alone.
  List<RowInput> each() {
    if (each.isEmpty()) {
      each =
          IntStream.range(0, vectors)
              .mapToObj(i -> Arrays.copyOfRange(x, i * length(), (i + 1) * length()))
              .map(one -> new RowInput(one, width))
              .toList();
    }
    return each;
  }

  /// The values of one vector in a kernel's own order.
  float[] arranged(StoredAs type) {
    return arranged.computeIfAbsent(
        type,
        key ->
            switch (key) {
              case F32 -> x;
              case BF16 -> Bf16Rows.arranged(x);
              case Q8_0, Q4_0, Q4_1 -> ShortBlockRows.arranged(x);
              case Q4_K ->
                  switch (width) {
                    case SIXTEEN -> Q4KRows.arranged(x);
                    case EIGHT -> Q4KRowsOfEight.arranged(x);
                  };
              case Q6_K ->
                  switch (width) {
                    case SIXTEEN -> Q6KRows.arranged(x);
                    case EIGHT -> Q6KRowsOfEight.arranged(x);
                  };
            });
  }
}
