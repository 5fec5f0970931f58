package dev.demur.model.arch.family;

import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Rope;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;

/// The text model of Qwen3-VL: a Qwen3 without windows, rotating as Qwen2-VL's does on text.
///
/// Source: Qwen Team 2025 (arXiv 2511.21631).
final class Qwen3VlFamily extends LlamaFamily {

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return Qwen3Family.eachHead(this, plan, layer);
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return RopeReader.read(
        json, json.requireNumber("rope_theta"), rotary(plan), Qwen2VlFamily.SHARES);
  }
}
