package dev.demur.model.arch;

import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/// A short convolution between two gates: `z = C ⊙ conv(B ⊙ x)`, of which B, C and x are
/// projections of the normalised stream. A token knows the few before it.
///
/// z has one head, as wide as the stream.
///
/// Source: `Lfm2ShortConv` of transformers.
///
/// @param in B, C and x one after the other, `[3 · d_model, d_model]`
/// @param convolution of B ⊙ x
/// @param o output projection
public record ShortConvolution(Linear in, Convolution convolution, Linear o) implements Recurrent {

  @Override
  public Tensor z(int layer, Tensor x, Pass pass) {
    var made = in.apply(x);
    int width = heads().width();
    var gated = made.narrow(1, 0, width).times(made.narrow(1, 2L * width, width));
    var convolved =
        new Remembering(layer, this, pass)
            .run(width, (rows, before) -> convolution.apply(rows.of(gated), before.getFirst()));
    return made.narrow(1, width, width).times(convolved).unsqueeze(1);
  }

  @Override
  public Heads heads() {
    return new Heads(1, Math.toIntExact(convolution.weight().dim(0)));
  }

  @Override
  public Kept.State kept() {
    return new Kept.State(List.of(convolution.kept()));
  }

  @Override
  public Recurrent withOutput(UnaryOperator<Linear> edit) {
    return new ShortConvolution(in, convolution, edit.apply(o));
  }

  @Override
  public List<Linear> matrices() {
    return List.of(in, o);
  }
}
