package dev.demur.model.arch.family;

import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;

/// Seed-OSS: a Llama whose biases on queries, keys and values, on attention's output and on the MLP
/// have a flag each.
///
/// Source: ByteDance Seed's model card (huggingface.co/ByteDance-Seed/Seed-OSS-36B-Instruct) and
/// `SeedOssConfig` of transformers.
final class SeedOssFamily extends LlamaFamily {

  @Override
  Bias outputBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias("attention_out_bias");
  }
}
