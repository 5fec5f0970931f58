package dev.demur.lab.explain;

/// Something that writes to the stream.
///
/// @param kind what it is
/// @param layer its block; 0 for the embedding
/// @param head which head; 0 for all but heads
public record Component(Kind kind, int layer, int head) {

  /// What writes.
  public enum Kind {
    EMBEDDING,
    HEAD,
    /// What attention writes without any head: its output's bias.
    ATTENTION_BIAS,
    MLP
  }

  static Component embedding() {
    return new Component(Kind.EMBEDDING, 0, 0);
  }

  static Component head(int layer, int head) {
    return new Component(Kind.HEAD, layer, head);
  }

  static Component attentionBias(int layer) {
    return new Component(Kind.ATTENTION_BIAS, layer, 0);
  }

  static Component mlp(int layer) {
    return new Component(Kind.MLP, layer, 0);
  }

  /// As in tables: `embedding`, `L3H5`, `L3 bias`, `L3 MLP`.
  public String text() {
    return switch (kind) {
      case EMBEDDING -> "embedding";
      case HEAD -> "L" + layer + "H" + head;
      case ATTENTION_BIAS -> "L" + layer + " bias";
      case MLP -> "L" + layer + " MLP";
    };
  }
}
