package dev.demur.lab.steer;

import static dev.demur.model.arch.writer.StreamWriter.Component.ATTENTION;
import static dev.demur.model.arch.writer.StreamWriter.Component.EMBEDDING;
import static dev.demur.model.arch.writer.StreamWriter.Component.MLP;

import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Which of the tensors that write to the stream an edit changes.
///
/// @param first first block, from 0
/// @param last last block; [#END] means the model's last
/// @param components kinds of tensors; embeddings belong to no block and are in or out as a whole
public record Reach(int first, int last, Set<Component> components) {

  /// The model's last block, however many it has.
  public static final int END = Integer.MAX_VALUE;

  public Reach {
    components = Set.copyOf(components);
    if (first < 0 || last < first) {
      throw new IllegalArgumentException(
          "layers must be FIRST-LAST with 0 <= FIRST <= LAST, were " + first + "-" + last);
    }
    if (components.isEmpty()) {
      throw new IllegalArgumentException(
          "no component is left to edit; name some of embedding, attention, mlp");
    }
  }

  /// Everything.
  public static Reach all() {
    return new Reach(0, END, EnumSet.of(EMBEDDING, ATTENTION, MLP));
  }

  /// Whether it includes the embeddings.
  public boolean embeddings() {
    return components.contains(EMBEDDING);
  }

  /// Whether it includes a component of a block.
  public boolean covers(Component component, int layer) {
    return components.contains(component) && layer >= first && layer <= last;
  }

  /// Whether it includes a tensor.
  public boolean covers(StreamWriter writer) {
    return writer.layer().isEmpty()
        ? embeddings()
        : covers(writer.component(), writer.layer().getAsInt());
  }

  /// Whether it is everything a model of so many layers has.
  public boolean isAll(int layers) {
    return first == 0 && last >= layers - 1 && components.size() == Component.values().length;
  }

  /// Components as the command line names them, `embedding,attention,mlp`.
  public String names() {
    return EnumSet.copyOf(components).stream()
        .map(c -> c.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }
}
