package dev.demur.model.arch.writer;

import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.arch.writer.StreamWriter.Layout;
import dev.demur.model.arch.writer.StreamWriter.PostNorm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How a family names the tensors that write to the stream.
///
/// @param embeddings names of embeddings, without the root
/// @param blocks what stands before the number of a block, without the root
/// @param attention pattern of the attention output's tensors inside a block
/// @param mlp pattern of the MLP output's tensors inside a block
/// @param matrices how output matrices lie
/// @param norms norms behind the outputs, where a family has them
/// @param further what writes as the MLP does under names or behind norms of its own; looked at
///   first
public record WriterNames(
    List<String> embeddings,
    String blocks,
    String attention,
    String mlp,
    Layout matrices,
    Optional<Norms> norms,
    List<Further> further) {

  public WriterNames {
    embeddings = List.copyOf(embeddings);
    further = List.copyOf(further);
  }

  /// @param name pattern of its tensors inside a block
  /// @param layout of its matrices
  /// @param norms names inside a block of what it passes; those that a checkpoint does not have are
  ///   left out
  record Further(String name, Layout layout, List<String> norms) {
    Further {
      norms = List.copyOf(norms);
    }
  }

  /// Norms between the output matrices and the stream.
  ///
  /// @param attention name inside a block of that behind attention
  /// @param mlp name inside a block of that behind the MLP
  /// @param plus 1 where γ − 1 is stored
  record Norms(String attention, String mlp, double plus) {}

  private static final String PARTS = "\\.(weight|bias)";

  /// Names as Llama has them.
  public static WriterNames llama() {
    return new WriterNames(
        List.of("embed_tokens.weight"),
        "layers.",
        "self_attn\\.o_proj" + PARTS,
        "mlp\\.down_proj" + PARTS,
        Layout.COLUMNS,
        Optional.empty(),
        List.of());
  }

  /// Names as GPT-2 has them.
  public static WriterNames gpt2(Layout matrices, String... embeddings) {
    return new WriterNames(
        List.of(embeddings),
        "h.",
        "attn\\.c_proj" + PARTS,
        "mlp\\.c_proj" + PARTS,
        matrices,
        Optional.empty(),
        List.of());
  }

  /// Names GGUF gives every family's tensors; its matrices always lie `[out, in]`.
  public static WriterNames gguf() {
    return new WriterNames(
        List.of("token_embd.weight", "position_embd.weight"),
        "blk.",
        "(attn_output|shortconv\\.out_proj|ssm_out)" + PARTS,
        "ffn_down(_exps|_shexp)?" + PARTS,
        Layout.COLUMNS,
        Optional.empty(),
        List.of());
  }

  public WriterNames withEmbedding(String name) {
    return new WriterNames(List.of(name), blocks, attention, mlp, matrices, norms, further);
  }

  public WriterNames withAttention(String name) {
    return new WriterNames(embeddings, blocks, name + PARTS, mlp, matrices, norms, further);
  }

  public WriterNames withMlp(String name) {
    return new WriterNames(embeddings, blocks, attention, name + PARTS, matrices, norms, further);
  }

  /// Experts in one tensor, transposed, the bias under a name of its own (gpt-oss).
  public WriterNames withStackedMlp(String name) {
    return new WriterNames(
        embeddings, blocks, attention, name + "(_bias)?", matrices, norms, further);
  }

  public WriterNames withNorms(String behindAttention, String behindMlp, double plus) {
    return new WriterNames(
        embeddings,
        blocks,
        attention,
        mlp,
        matrices,
        Optional.of(new Norms(behindAttention, behindMlp, plus)),
        further);
  }

  /// Also what has these names, behind these norms; see [Further].
  public WriterNames withFurther(String name, Layout layout, String... behind) {
    var all = new ArrayList<>(further);
    all.add(new Further(name, layout, List.of(behind)));
    return new WriterNames(embeddings, blocks, attention, mlp, matrices, norms, all);
  }

  /// Also experts in one tensor `[expert, d_model, width]` (Qwen3.5).
  public WriterNames withFusedExperts(String name) {
    return withFurther(name, Layout.COLUMNS);
  }

  /// The writers among a checkpoint's tensors, in the order of the names.
  ///
  /// @param root what the names begin with, e.g. `model.`
  public List<StreamWriter> among(Collection<String> names, String root) {
    var inBlock = Pattern.compile(Pattern.quote(root + blocks) + "(\\d+)\\.(.+)");
    return names.stream().flatMap(name -> find(name, root, inBlock, names)).toList();
  }

  private Stream<StreamWriter> find(
      String name, String root, Pattern inBlock, Collection<String> names) {
    if (name.startsWith(root) && embeddings.contains(name.substring(root.length()))) {
      return Stream.of(
          new StreamWriter(
              name, Component.EMBEDDING, OptionalInt.empty(), Layout.ROWS, Optional.empty()));
    }
    var place = inBlock.matcher(name);
    if (!place.matches()) {
      return Stream.empty();
    }
    int layer = Integer.parseInt(place.group(1));
    String prefix = root + blocks + layer + ".";
    for (var other : further) {
      if (place.group(2).matches(other.name)) {
        var there = other.norms.stream().map(norm -> prefix + norm).filter(names::contains);
        double plus = norms.map(Norms::plus).orElse(0.0);
        var after = Optional.of(there.toList()).filter(list -> !list.isEmpty());
        return Stream.of(
            new StreamWriter(
                name,
                Component.MLP,
                OptionalInt.of(layer),
                name.endsWith("bias") ? Layout.ROWS : other.layout,
                after.map(list -> new PostNorm(list, plus))));
      }
    }
    if (place.group(2).matches(attention)) {
      var after = norms.map(n -> new PostNorm(List.of(prefix + n.attention), n.plus));
      return Stream.of(writer(name, Component.ATTENTION, layer, after));
    }
    if (place.group(2).matches(mlp)) {
      var after = norms.map(n -> new PostNorm(List.of(prefix + n.mlp), n.plus));
      return Stream.of(writer(name, Component.MLP, layer, after));
    }
    return Stream.empty();
  }

  private StreamWriter writer(
      String name, Component component, int layer, Optional<PostNorm> after) {
    var layout = name.endsWith("bias") ? Layout.ROWS : layoutOf(name);
    return new StreamWriter(name, component, OptionalInt.of(layer), layout, after);
  }

  /// A stack of experts without `.weight` lies transposed (gpt-oss).
  private Layout layoutOf(String name) {
    return name.endsWith(".weight") ? matrices : Layout.ROWS;
  }
}
