package dev.demur.model.arch.family;

import dev.demur.model.arch.Activation;
import dev.demur.model.arch.Attention;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.format.UnsupportedModelException;

/// What a family builds a model from.
///
/// @param json the configuration
/// @param config its shape
/// @param weights the tensors
/// @param root what the names of the tensors begin with, e.g. `model.`
record Blueprint(ConfigReader json, ModelConfig config, WeightReader weights, String root) {

  /// What the names of one block's tensors begin with.
  String layer(int layer) {
    return root + "layers." + layer + ".";
  }

  Attention.Shape heads() {
    return new Attention.Shape(config.nHeads(), config.nKvHeads(), config.dHead());
  }

  /// Rows of a query projection.
  int queryWidth() {
    return config.nHeads() * config.dHead();
  }

  /// Rows of a key or value projection.
  int keyWidth() {
    return config.nKvHeads() * config.dHead();
  }

  /// The activation `config.json` names.
  Activation activation(String key) throws UnsupportedModelException {
    String name = json.requireText(key);
    return Activation.ofName(name)
        .orElseThrow(() -> json.unsupported("activation \"" + name + "\" is not known."));
  }
}
