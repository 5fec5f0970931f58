package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;

/// Phi-3, 3.5 and Phi-4-mini: a Llama whose query, key and value matrices lie in one tensor, gate
/// and up in another; long contexts by LongRoPE, and only a part of each head rotates in
/// Phi-4-mini.
///
/// Sources: Abdin et al. 2024 (arXiv 2404.14219), Microsoft 2025 (arXiv 2503.01743).
final class Phi3Family extends MistralFamily {

  @Override
  void refusePartialRotation(ConfigReader json) {}

  @Override
  int rotary(Blueprint plan) throws UnsupportedModelException {
    return partOfHead(plan, plan.json().requireNumber("partial_rotary_factor"));
  }

  @Override
  Attention.Input input(Blueprint plan, int layer) throws IOException {
    int queries = plan.queryWidth();
    int keys = plan.keyWidth();
    var all =
        plan.weights()
            .linear(
                plan.layer(layer) + "self_attn.qkv_proj",
                queries + 2L * keys,
                plan.config().dModel(),
                inputBias(plan.json()));
    return new Attention.Input(
        all.rows(0, queries),
        all.rows(queries, keys),
        all.rows((long) queries + keys, keys),
        plan.heads(),
        new QueryKeyNorm.None(),
        Attention.Position.rotary(rope(plan, layer)));
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    return fused(this, plan, layer);
  }
}
