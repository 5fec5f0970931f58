package dev.demur.model.text.regex;

import java.util.List;

/// A parsed pattern.
sealed interface Node {

  /// One character of a set.
  record One(CodePoints set) implements Node {}

  /// One part after the other; none at all matches the empty text.
  record All(List<Node> parts) implements Node {}

  /// The first of several that leads to a match.
  record Either(List<Node> choices) implements Node {}

  /// A part several times; `most` is −1 for any number.
  record Repeat(Node part, int least, int most, boolean lazy) implements Node {}

  /// Whether a part matches from here on, or does not.
  record Ahead(Node part, boolean negative) implements Node {}

  /// Whether the character before is of a set, or is not.
  record Behind(CodePoints set, boolean negative) implements Node {}

  /// A place in the text.
  record At(Place place) implements Node {}

  /// Places a pattern can ask for.
  enum Place {
    TEXT_START,
    TEXT_END,
    LAST_LINE_END,
    LINE_START,
    LINE_END,
    WORD_EDGE,
    NO_WORD_EDGE
  }

  Node EMPTY = new All(List.of());
}
