package dev.demur.model.arch;

/// What queries are multiplied with late in a sequence, so that scores do not flatten over many
/// keys.
public sealed interface QueryGrowth {

  /// The factor of a query.
  ///
  /// @param position of its token, from 0
  float at(int position);

  /// log_trained(position + 1) past the trained length, 1 before (Qwen 1).
  ///
  /// @param trained the length the model was trained on
  record Logarithm(int trained) implements QueryGrowth {
    @Override
    public float at(int position) {
      return (float) Math.max(1, Math.log(position + 1) / Math.log(trained));
    }
  }

  /// 1 + β · ln(1 + ⌊(position + first) / trained⌋) (Llama 4, Ministral 3).
  ///
  /// @param beta β
  /// @param trained the length the model was trained on
  /// @param first the number of the first position, 0 or 1
  record Steps(double beta, int trained, int first) implements QueryGrowth {
    @Override
    public float at(int position) {
      return (float) (1 + beta * Math.log1p(Math.floorDiv(position + first, trained)));
    }
  }
}
