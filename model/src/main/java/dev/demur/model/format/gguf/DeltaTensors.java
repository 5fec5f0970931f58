package dev.demur.model.format.gguf;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Relayout;
import dev.demur.model.format.StoredTensor;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/// What has to be undone to the tensors of a gated DeltaNet (Qwen3-Next, Qwen3.5).
final class DeltaTensors {

  private DeltaTensors() {}

  /// @param config with the sizes of the DeltaNet
  /// @param keyHeads key heads that value heads are tiled over; 1 where they are not tiled
  /// @throws ModelFormatException if a tensor's value heads are not as many as the sizes say
  static Relayout relayout(
      Path file, String name, StoredTensor stored, JsonNode config, long keyHeads)
      throws ModelFormatException {
    String inner = name.replaceFirst("^blk\\.\\d+\\.", "");
    long valueHeads = config.path("linear_num_value_heads").asLong(0);
    long width = config.path("linear_value_head_dim").asLong(0);
    long before =
        2
            * config.path("linear_num_key_heads").asLong(0)
            * config.path("linear_key_head_dim").asLong(0);
    var heads = new Relayout.TiledHeads(0, keyHeads, 1);
    var values = new Relayout.TiledHeads(0, keyHeads, width);
    var behindKeys = new Relayout.TiledHeads(before, keyHeads, width);
    boolean tiled = keyHeads > 1 && valueHeads != keyHeads;
    if (tiled && (valueHeads % keyHeads != 0 || width < 1)) {
      throw new ModelFormatException(
          file,
          "has "
              + valueHeads
              + " value heads of width "
              + width
              + " for "
              + keyHeads
              + " key heads, expected a multiple");
    }
    return switch (inner) {
      case "ssm_norm.weight" -> new Relayout.None();
      case "ssm_a" -> {
        var log = new Relayout.NegativeExponentials();
        yield tiled ? new Relayout.Both(log, checked(file, stored, 0, valueHeads, heads)) : log;
      }
      case "ssm_conv1d.weight" -> {
        var channels = new Relayout.Channels();
        yield tiled
            ? new Relayout.Both(
                checked(file, stored, 0, before + valueHeads * width, behindKeys), channels)
            : channels;
      }
      case "ssm_dt.bias", "ssm_alpha.weight", "ssm_beta.weight" ->
          tiled ? checked(file, stored, 0, valueHeads, heads) : new Relayout.None();
      case "attn_gate.weight" ->
          tiled ? checked(file, stored, 0, valueHeads * width, values) : new Relayout.None();
      case "attn_qkv.weight" ->
          tiled
              ? checked(file, stored, 0, before + valueHeads * width, behindKeys)
              : new Relayout.None();
      case "ssm_out.weight" ->
          tiled
              ? checked(
                  file, stored, 1, valueHeads * width, new Relayout.TiledColumns(keyHeads, width))
              : new Relayout.None();
      default -> inner.endsWith("norm.weight") ? new Relayout.PlusOne() : new Relayout.None();
    };
  }

  private static Relayout checked(
      Path file, StoredTensor stored, int dim, long extent, Relayout relayout)
      throws ModelFormatException {
    var shape = stored.info().shape();
    if (shape.size() <= dim || shape.get(dim) != extent) {
      throw new ModelFormatException(
          file,
          "tensor \""
              + stored.info().name()
              + "\" has shape "
              + shape
              + ", expected "
              + extent
              + " in dimension "
              + dim);
    }
    return relayout;
  }
}
