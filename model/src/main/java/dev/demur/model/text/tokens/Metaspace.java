package dev.demur.model.text.tokens;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// What the pre-tokenizer and the decoder of that name share.
final class Metaspace {

  static final int DEFAULT = '▁';

  /// Where a space is put in front.
  enum Scheme {
    FIRST,
    NEVER,
    ALWAYS
  }

  private Metaspace() {}

  /// The scheme of a part; old files have a flag instead.
  static Scheme scheme(Parts parts, JsonNode part) throws IOException {
    if (part.path("prepend_scheme").isString()) {
      return parts.choice(part, "prepend_scheme", Metaspace::named);
    }
    return parts.flag(part, "add_prefix_space", true) ? Scheme.ALWAYS : Scheme.NEVER;
  }

  private static Scheme named(String name) {
    return switch (name) {
      case "first" -> Scheme.FIRST;
      case "never" -> Scheme.NEVER;
      case "always" -> Scheme.ALWAYS;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
