package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.writer.WriterNames;
import java.io.IOException;

/// OLMo-2: a Llama that normalises what attention and MLP write instead of what they read, and
/// queries and keys over all heads together.
///
/// Source: OLMo Team 2025 (arXiv 2501.00656).
class Olmo2Family extends LlamaFamily {

  @Override
  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer);
    return Block.Norms.after(
        norm(plan, prefix + "post_attention_layernorm", plan.config().dModel()),
        norm(plan, prefix + "post_feedforward_layernorm", plan.config().dModel()));
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return allHeads(this, plan, layer);
  }

  /// Norms on queries and keys over all heads together.
  static QueryKeyNorm allHeads(LlamaFamily family, Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "self_attn.";
    return new QueryKeyNorm.AllHeads(
        family.norm(plan, prefix + "q_norm", plan.queryWidth()),
        family.norm(plan, prefix + "k_norm", plan.keyWidth()));
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withNorms("post_attention_layernorm.weight", "post_feedforward_layernorm.weight", 0);
  }
}
