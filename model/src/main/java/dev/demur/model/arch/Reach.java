package dev.demur.model.arch;

import java.util.OptionalInt;

/// How far back a query sees.
public sealed interface Reach {

  /// The first key a query sees.
  ///
  /// @param query position of the query, from 0
  int first(int query);

  /// How many tokens it is about, where it is bounded.
  OptionalInt size();

  /// All earlier tokens.
  record All() implements Reach {
    @Override
    public int first(int query) {
      return 0;
    }

    @Override
    public OptionalInt size() {
      return OptionalInt.empty();
    }
  }

  /// So many tokens, itself included (Mistral).
  record Window(int tokens) implements Reach {
    @Override
    public int first(int query) {
      return Math.max(0, query - tokens + 1);
    }

    @Override
    public OptionalInt size() {
      return OptionalInt.of(tokens);
    }
  }

  /// The tokens of its own chunk, of which the first begins with the sequence (Llama 4).
  record Chunk(int tokens) implements Reach {
    @Override
    public int first(int query) {
      return query - query % tokens;
    }

    @Override
    public OptionalInt size() {
      return OptionalInt.of(tokens);
    }
  }
}
