package dev.demur.model.arch;

/// Replaces a matrix that writes to the stream.
@FunctionalInterface
public interface OutputEdit {

  /// @param after what normalises what the matrix writes, before it enters the stream
  Linear apply(Linear output, Norm after);
}
