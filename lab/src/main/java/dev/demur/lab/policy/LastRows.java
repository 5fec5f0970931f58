package dev.demur.lab.policy;

import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rows of each prompt's last token, kept for what maps them. Changed whenever a prompt's last
/// token is read.
final class LastRows {

  /// @param prompt its number in the plan
  private record Key(HookPoint point, int prompt) {}

  private final Map<Key, List<Float>> kept = new HashMap<>();

  /// Keeps rows, one a prompt, and changes nothing.
  Tensor remember(HookPoint point, Tensor x, Rows rows) {
    float[] all = x.toFloats();
    int width = Math.toIntExact(x.dim(1));
    for (int i = 0; i < rows.size(); i++) {
      var row = new ArrayList<Float>(width);
      for (int j = 0; j < width; j++) {
        row.add(all[i * width + j]);
      }
      kept.put(new Key(point, rows.sequences().get(i)), row);
    }
    return x;
  }

  /// The last token's row for each of some rows, `[rows, d_model]`.
  ///
  /// @throws IllegalArgumentException if rows of a prompt come before its last token and without it
  Tensor of(HookPoint point, Rows rows) {
    var values = new ArrayList<List<Float>>();
    for (int i = 0; i < rows.size(); i++) {
      int last = rows.firsts().get(i) + rows.lengths().get(i) - 1;
      var row = Optional.ofNullable(kept.get(new Key(point, rows.sequences().get(i))));
      if (last < -1 || row.isEmpty()) {
        throw new IllegalArgumentException(
            "a rule that maps the prompt's last token edits the tokens before it; read the prompt"
                + " in one piece, or let the rule act on @last and @answer");
      }
      for (int j = 0; j < rows.lengths().get(i); j++) {
        values.add(row.get());
      }
    }
    int width = values.getFirst().size();
    float[] packed = new float[values.size() * width];
    for (int i = 0; i < values.size(); i++) {
      for (int j = 0; j < width; j++) {
        packed[i * width + j] = values.get(i).get(j);
      }
    }
    return Tensor.of(packed, values.size(), width);
  }
}
