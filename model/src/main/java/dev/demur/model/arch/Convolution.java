package dev.demur.model.arch;

import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// A causal convolution along a sequence, each channel for itself: a token's value is a weighted
/// sum of its own and those before it.
///
/// @param weight `[channel, kernel]`, float32; the last column belongs to the token itself
/// @param bias `[channel]`, float32
public record Convolution(Tensor weight, Optional<Tensor> bias) {

  /// Shape of what it keeps of a sequence: the values of the last tokens.
  List<Integer> kept() {
    return List.of(Math.toIntExact(weight.dim(1) - 1), Math.toIntExact(weight.dim(0)));
  }

  /// @param x `[sequence, pos, channel]`, float32
  /// @param before values of the tokens before, `[sequence, kernel − 1, channel]`
  /// @return sums `[sequence, pos, channel]`, and what the next token has before it
  Recurrent.Run apply(Tensor x, Tensor before) {
    long kernel = weight.dim(1);
    long length = x.dim(1);
    var all = kernel == 1 ? x : Tensor.cat(List.of(before, x), 1);
    var columns = weight.transpose(0, 1);
    var sum = all.narrow(1, 0, length).times(columns.row(0));
    for (long j = 1; j < kernel; j++) {
      sum = sum.plus(all.narrow(1, j, length).times(columns.row(j)));
    }
    var out = bias.isPresent() ? sum.plus(bias.get()) : sum;
    return new Recurrent.Run(out, List.of(all.narrow(1, length, kernel - 1)));
  }
}
