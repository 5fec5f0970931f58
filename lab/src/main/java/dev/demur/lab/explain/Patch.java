package dev.demur.lab.explain;

import java.util.Locale;

/// An activation of one pass put into another.
///
/// @param kind what is put in
/// @param layer block; for whole kinds the first
/// @param head which head; 0 for other kinds
public record Patch(Kind kind, int layer, int head) {

  /// What is put in, always at the last token unless said otherwise.
  public enum Kind {
    /// One head's output z.
    HEAD,
    /// What one head attends to: weights on tokens both prompts have are those of the other pass,
    /// those on the suffix 0.
    PATTERN,
    /// All heads' outputs of one block.
    ATTENTION,
    /// One block's MLP output.
    MLP,
    /// The stream entering one block.
    STREAM,
    /// The outputs of all heads in question together.
    ALL_HEADS,
    /// The embedding, every head and every MLP: all the last token is made of.
    EVERYTHING
  }

  /// As in tables: `head L3H5`, `pattern L3H5`, `stream L3`.
  public String text() {
    String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return switch (kind) {
      case HEAD, PATTERN -> name + " L" + layer + "H" + head;
      case ATTENTION, MLP, STREAM -> name + " L" + layer;
      case ALL_HEADS, EVERYTHING -> name;
    };
  }
}
