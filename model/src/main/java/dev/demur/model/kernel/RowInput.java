package dev.demur.model.kernel;

import java.util.EnumMap;
import java.util.Map;

/// The vector that rows are multiplied with, laid out as each kernel reads it. One instance serves
/// every matrix that reads the same values. One thread makes it; all threads may read it.
public final class RowInput {

  private final float[] x;
  private final Width width;
  private final Map<StoredAs, float[]> arranged = new EnumMap<>(StoredAs.class);

  /// @param x float32, `[columns]`; not to be changed while this is used
  public RowInput(float[] x) {
    this(x, Width.here().orElse(Width.EIGHT));
  }

  /// For kernels of one width.
  ///
  /// @param x as above
  public RowInput(float[] x, Width width) {
    this.x = x;
    this.width = width;
  }

  /// Which kernels read it.
  Width width() {
    return width;
  }

  /// How many values.
  public int length() {
    return x.length;
  }

  /// The values in a kernel's own order.
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
