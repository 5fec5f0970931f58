package dev.demur.model.text.tokens;

/// What becomes of the matches when a text is split at them.
///
/// Source: `SplitDelimiterBehavior` of tokenizers (`tokenizer/normalizer.rs`, `split`).
enum Behavior {
  REMOVED,
  ISOLATED,
  MERGED_WITH_PREVIOUS,
  MERGED_WITH_NEXT,
  CONTIGUOUS;

  /// Takes one piece of the result.
  interface Result {
    void piece(int from, int to);
  }

  static Behavior named(String name) {
    return switch (name) {
      case "Removed" -> REMOVED;
      case "Isolated" -> ISOLATED;
      case "MergedWithPrevious" -> MERGED_WITH_PREVIOUS;
      case "MergedWithNext" -> MERGED_WITH_NEXT;
      case "Contiguous" -> CONTIGUOUS;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /// What collects pieces and hands the joined ones on; to be [Joiner#end ended].
  Joiner joining(Result result) {
    return new Joiner(this, result);
  }

  /// Joins pieces. Changed by each.
  static final class Joiner implements Finder.Pieces {

    private final Behavior behavior;
    private final Result result;
    private int from = -1;
    private int to = -1;
    private boolean held;

    private Joiner(Behavior behavior, Result result) {
      this.behavior = behavior;
      this.result = result;
    }

    @Override
    public void piece(int first, int last, boolean match) {
      boolean joins =
          from >= 0
              && switch (behavior) {
                case REMOVED, ISOLATED -> false;
                case MERGED_WITH_PREVIOUS -> match && !held;
                case MERGED_WITH_NEXT -> !match && held;
                case CONTIGUOUS -> match == held;
              };
      if (!joins) {
        end();
        from = first;
      }
      to = last;
      held = match;
      if (behavior == REMOVED && match) {
        from = -1;
      }
    }

    /// Hands on what is left.
    void end() {
      if (from >= 0 && to > from) {
        result.piece(from, to);
      }
      from = -1;
    }
  }
}
