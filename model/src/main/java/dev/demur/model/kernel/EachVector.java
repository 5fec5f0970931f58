package dev.demur.model.kernel;

import java.util.List;

/// Rows of one matrix times several vectors, one vector after the other: the rows a thread takes at
/// a time stay in its cache meanwhile.
///
/// @param kernels the kernel of each vector
/// @param rows of the matrix
record EachVector(List<Rows> kernels, int rows) implements Rows {

  static EachVector of(RowMatrix matrix, RowInput input) {
    var kernels = input.each().stream().map(one -> Rows.of(matrix, one)).toList();
    return new EachVector(kernels, matrix.rows());
  }

  @Override
  public void multiply(int from, int to, float[] y) {
    float[] one = new float[rows];
    for (int i = 0; i < kernels.size(); i++) {
      kernels.get(i).multiply(from, to, one);
      System.arraycopy(one, from, y, i * rows + from, to - from);
    }
  }
}
