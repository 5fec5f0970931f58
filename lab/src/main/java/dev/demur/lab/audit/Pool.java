package dev.demur.lab.audit;

import dev.demur.model.arch.writer.StreamWriter.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Writers looked at together, since an edit may leave some out.
///
/// @param view in which coordinates
/// @param part which matrices
/// @param range which layers
public record Pool(View view, Part part, Range range) {

  /// Which matrices.
  public enum Part {
    ATTENTION_AND_MLP,
    ATTENTION,
    MLP;

    boolean includes(Component component) {
      return switch (this) {
        case ATTENTION_AND_MLP -> component != Component.EMBEDDING;
        case ATTENTION -> component == Component.ATTENTION;
        case MLP -> component == Component.MLP;
      };
    }
  }

  /// Which quarters of the layers.
  public enum Range {
    ALL(0, 3),
    LOWER_HALF(0, 1),
    MIDDLE_HALF(1, 2),
    UPPER_HALF(2, 3);

    private final int first;
    private final int last;

    Range(int first, int last) {
      this.first = first;
      this.last = last;
    }

    boolean includes(int quarter) {
      return first <= quarter && quarter <= last;
    }
  }

  /// Those an audit looks at: halves of the layers only where most edits show.
  static List<Pool> of(boolean postNorms, int layers) {
    var pools = new ArrayList<Pool>();
    for (var view : View.values()) {
      if (view == View.MATRIX && !postNorms) {
        continue;
      }
      for (var part : Part.values()) {
        for (var range : Range.values()) {
          if (range == Range.ALL || (view == View.STREAM && layers >= QUARTERS)) {
            pools.add(new Pool(view, part, range));
          }
        }
      }
    }
    return pools;
  }

  static final int QUARTERS = 4;

  /// As reports print it, e.g. `attention and mlp, all layers, stream`.
  public String text() {
    return (words(part) + ", " + words(range) + (range == Range.ALL ? " layers" : " of the layers"))
        + (view == View.STREAM ? "" : ", " + words(view));
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
