package dev.demur.lab.trial;

/// How tokens are chosen.
public sealed interface Decoder {

  /// What tells it from any other.
  String identity();

  /// The likeliest token.
  record Greedy() implements Decoder {
    @Override
    public String identity() {
      return "";
    }
  }

  /// The likeliest token when what a text stressing safety adds is subtracted: l_with − ρ (l_with −
  /// l_without).
  ///
  /// Source: Shi et al. 2024 (arXiv 2401.17633), Self-CD.
  ///
  /// @param ratio ρ; 2.5 there
  /// @param with the text, around the instruction
  record SelfContrast(double ratio, Wrap with) implements Decoder {

    public SelfContrast {
      if (!Double.isFinite(ratio)) {
        throw new IllegalArgumentException("ratio must be finite, was " + ratio);
      }
    }

    @Override
    public String identity() {
      return "self-cd " + ratio + "\n" + with.text();
    }
  }
}
