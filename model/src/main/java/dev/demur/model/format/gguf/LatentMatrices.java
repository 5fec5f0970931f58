package dev.demur.model.format.gguf;

import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.StoredTensor;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The matrix of latent attention that makes keys and values (DeepSeek): GGUF has `attn_k_b`
/// `[head, rank, d_plain]` and `attn_v_b` `[head, d_value, rank]`, Hugging Face has `kv_b_proj`
/// `[head · (d_plain + d_value), rank]`. Older files have the latter, too.
final class LatentMatrices {

  private static final Pattern NAME = Pattern.compile("blk\\.(\\d+)\\.attn_(k|v)_b\\.weight");

  private LatentMatrices() {}

  /// Adds what a tensor becomes, if it is one of the two.
  ///
  /// @return false for any other tensor
  /// @throws ModelFormatException if the two do not go together
  static boolean locate(
      Map<String, Located> located,
      Map<String, StoredTensor> tensors,
      StoredTensor stored,
      JsonNode config)
      throws ModelFormatException {
    var name = NAME.matcher(stored.info().name());
    if (!name.matches()) {
      return false;
    }
    String block = "blk." + name.group(1) + ".";
    if (tensors.containsKey(block + "attn_kv_b.weight") || name.group(2).equals("v")) {
      return true; // there is a whole one, or this goes with its keys
    }
    var keys = stored.info().shape();
    long heads = config.path("num_attention_heads").asLong(0);
    var values = fitting(stored, tensors.get(block + "attn_v_b.weight"), heads);
    long rows = keys.get(0) * (keys.get(2) + values.info().shape().get(1));
    String whole = "model.layers." + name.group(1) + ".self_attn.kv_b_proj.weight";
    var info =
        new TensorInfo(
            whole,
            stored.info().type(),
            List.of(rows, keys.get(1)),
            stored.info().bytes() + values.info().bytes());
    located.put(whole, new Located(info, to -> both(stored, values, rows, to)));
    return true;
  }

  private static StoredTensor fitting(StoredTensor keys, @Nullable StoredTensor values, long heads)
      throws ModelFormatException {
    var k = keys.info().shape();
    List<Long> v = values == null ? List.of() : values.info().shape();
    if (values != null
        && k.size() == 3
        && v.size() == 3
        && k.get(0) == heads
        && v.get(0) == heads
        && k.get(1).equals(v.get(2))) {
      return values;
    }
    throw new ModelFormatException(
        keys.file(),
        "tensor \""
            + keys.info().name()
            + "\" of shape "
            + k
            + " and its values of shape "
            + v
            + " are not those of "
            + heads
            + " heads");
  }

  private static Tensor both(StoredTensor keys, StoredTensor values, long rows, DType to) {
    try (var scope = Scope.open()) {
      var plain = keys.load(to).transpose(1, 2); // [head, d_plain, rank]
      var all = Tensor.cat(List.of(plain, values.load(to)), 1);
      return scope.keep(all.reshape(rows, all.dim(2)).contiguous());
    }
  }
}
