package dev.demur.model.kernel;

import java.util.List;
import java.util.Locale;

/// Products of one vector, or a few, with matrices, each weight read once.
public final class RowProducts {

  /// With how many vectors at once kernels multiply a matrix no slower than libtorch does.
  public static final int MOST_VECTORS = 128;

  /// What a thread takes at a time. Smaller pieces are fetched before memory gets into its stride.
  private static final long PIECE_BYTES = 64 * 1024;

  private static final boolean MODULE = VectorModule.isThere();

  private RowProducts() {}

  /// A matrix and its product.
  public static final class Product {
    private final RowMatrix matrix;
    private final float[] y;

    /// The product of a matrix with one vector, to be written by [#multiply].
    public Product(RowMatrix matrix) {
      this(matrix, 1);
    }

    /// The product of a matrix with several vectors.
    public Product(RowMatrix matrix, int vectors) {
      this.matrix = matrix;
      this.y = new float[vectors * matrix.rows()];
    }

    /// The matrix.
    public RowMatrix matrix() {
      return matrix;
    }

    /// The product itself, `[vector, rows]`.
    public float[] y() {
      return y;
    }
  }

  /// Whether there are kernels for matrices stored so: this Java machine has its incubator module
  /// of vectors, and its processor has registers as wide as they need. The other methods must not
  /// be called where not.
  public static boolean available(StoredAs type) {
    return MODULE
        && switch (type) {
          case F32, BF16 -> true;
          case Q8_0, Q4_0, Q4_1, Q4_K, Q6_K -> Width.here().isPresent();
        };
  }

  /// Multiplies several matrices with the same vectors; products and sums are float32.
  ///
  /// @param x the vectors, as many as the products are for
  /// @param threads how many may work on it
  public static void multiply(RowInput x, List<Product> products, int threads) {
    var kernels = products.stream().map(product -> Rows.of(product.matrix(), x)).toList();
    int[] firstPiece = new int[products.size() + 1];
    for (int i = 0; i < products.size(); i++) {
      firstPiece[i + 1] = firstPiece[i] + pieces(products.get(i).matrix());
    }
    Team.SHARED.run(
        threads,
        firstPiece[products.size()],
        piece -> {
          int i = 0;
          while (piece >= firstPiece[i + 1]) {
            i++;
          }
          var product = products.get(i);
          int pieces = firstPiece[i + 1] - firstPiece[i];
          int from = first(product.matrix().rows(), piece - firstPiece[i], pieces);
          int to = first(product.matrix().rows(), piece - firstPiece[i] + 1, pieces);
          kernels.get(i).multiply(from, to, product.y());
        });
  }

  /// `curve(W_gate x) ⊙ W_up x`, in one go.
  ///
  /// @param x the vectors
  /// @param gate W_gate
  /// @param up W_up, of the same shape
  /// @param threads how many may work on it
  /// @return `[vector, rows]`
  public static float[] gated(
      RowInput x, RowMatrix gate, RowMatrix up, RowMath.Curve curve, int threads) {
    if (gate.rows() != up.rows()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "gates and values come in pairs, there are %d and %d",
              gate.rows(),
              up.rows()));
    }
    var gates = Rows.of(gate, x);
    var ups = Rows.of(up, x);
    int rows = gate.rows();
    float[] y = new float[x.vectors() * rows];
    float[] values = new float[y.length];
    int pieces = pieces(gate);
    Team.SHARED.run(
        threads,
        pieces,
        piece -> {
          int from = first(rows, piece, pieces);
          int to = first(rows, piece + 1, pieces);
          gates.multiply(from, to, y);
          ups.multiply(from, to, values);
          for (int start = 0; start < y.length; start += rows) {
            RowMath.gate(curve, y, values, start + from, start + to);
          }
        });
    return y;
  }

  private static int pieces(RowMatrix matrix) {
    return Math.toIntExact(
        Math.clamp(matrix.bytes().byteSize() / PIECE_BYTES, 1, Math.max(1, matrix.rows() / 4)));
  }

  /// First row of a piece; pieces begin at multiples of the rows a kernel takes at once.
  private static int first(int rows, int piece, int pieces) {
    if (piece == pieces) {
      return rows;
    }
    return Math.toIntExact((long) rows * piece / pieces / Rows.TOGETHER * Rows.TOGETHER);
  }
}
