package dev.demur.model.hook;

/// Changes rows that lie in a plain array, for passes that run without tensors.
@FunctionalInterface
public interface PlainEdit {

  /// @param x rows of a place in the residual stream, `[row, d_model]`; changed
  /// @param rows whose rows these are
  void apply(float[] x, Rows rows);
}
