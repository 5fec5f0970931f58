package dev.demur.model.format.folder;

import tools.jackson.databind.node.ObjectNode;

/// Brings a `config.json` to the spelling of transformers 4.
///
/// transformers 5 writes `dtype` for `torch_dtype` and puts everything about rotary positions into
/// `rope_parameters`. Where those differ by kind of layer (Gemma 3), `rope_parameters` stays beside
/// the older keys.
final class ConfigSpelling {

  private ConfigSpelling() {}

  /// Returns a copy of `config` in the older spelling; a nested `text_config` is respelled, too.
  static ObjectNode ofTransformers4(ObjectNode config) {
    var result = config.deepCopy();
    respell(result);
    if (result.get("text_config") instanceof ObjectNode text) {
      respell(text);
    }
    return result;
  }

  private static void respell(ObjectNode config) {
    var dtype = config.get("dtype");
    if (dtype != null && !config.has("torch_dtype")) {
      config.set("torch_dtype", dtype);
    }
    if (config.get("rope_parameters") instanceof ObjectNode rope) {
      if (rope.get("full_attention") instanceof ObjectNode full) {
        spread(config, full);
        var local = rope.path("sliding_attention").path("rope_theta");
        if (!local.isMissingNode()) {
          config.set("rope_local_base_freq", local);
        }
      } else {
        spread(config, rope);
        config.remove("rope_parameters");
      }
    }
    if (config.get("rope_scaling") instanceof ObjectNode scaling) {
      nameBothWays(scaling);
    }
  }

  /// Moves what `rope_parameters` holds to the keys transformers 4 reads.
  private static void spread(ObjectNode config, ObjectNode rope) {
    var scaling = rope.deepCopy();
    for (String key : new String[] {"rope_theta", "partial_rotary_factor"}) {
      var value = scaling.remove(key);
      if (value != null && !value.isNull()) {
        config.set(key, value);
      }
    }
    nameBothWays(scaling);
    if (!scaling.path("rope_type").asString("default").equals("default")) {
      config.set("rope_scaling", scaling);
    }
  }

  /// Older files say `type`, newer ones `rope_type`; afterwards both are there.
  private static void nameBothWays(ObjectNode scaling) {
    var type = scaling.get("type");
    var ropeType = scaling.get("rope_type");
    if (ropeType == null && type != null) {
      scaling.set("rope_type", type);
    } else if (type == null && ropeType != null) {
      scaling.set("type", ropeType);
    }
  }
}
