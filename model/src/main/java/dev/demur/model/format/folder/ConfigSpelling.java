package dev.demur.model.format.folder;

import dev.demur.model.format.BoundedJson;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Brings a `config.json` to the spelling of transformers 4.
///
/// transformers 5 writes `dtype` for `torch_dtype` and puts everything about rotary positions into
/// `rope_parameters`. Where those differ by kind of layer (Gemma 3), `rope_parameters` stays beside
/// the older keys.
final class ConfigSpelling {

  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  /// Families whose layers rotate by kind; `rope_parameters` that does not name the kinds says
  /// nothing in them.
  private static final Set<String> BY_KIND = Set.of("gemma3_text", "olmo3");

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
    var scaling = config.get("rope_scaling");
    boolean old = scaling instanceof ObjectNode object && !object.isEmpty();
    if (!old) {
      config.remove("rope_scaling"); // null or empty says nothing
    }
    var rope = config.get("rope_parameters");
    if (rope instanceof ObjectNode both && (both.has(FULL) || both.has(SLIDING))) {
      var theta = both.path(SLIDING).path("rope_theta");
      if (!theta.isMissingNode()) {
        config.set("rope_local_base_freq", theta);
      }
      var merged =
          both.get(FULL) instanceof ObjectNode full ? full.deepCopy() : BoundedJson.emptyObject();
      if (scaling instanceof ObjectNode object) {
        merged.setAll(object);
      }
      spread(config, merged);
    } else if (old) {
      config.remove("rope_parameters"); // transformers reads it only where the older key is not
      spread(config, (ObjectNode) scaling);
    } else if (rope instanceof ObjectNode flat) {
      config.remove("rope_parameters");
      if (!BY_KIND.contains(config.path("model_type").asString(""))) {
        spread(config, flat);
      }
    }
  }

  /// Moves what `rope_parameters` holds to the keys transformers 4 reads. The kind stays even when
  /// it is `default`: gpt-oss scales where nothing is said.
  private static void spread(ObjectNode config, ObjectNode rope) {
    var scaling = rope.deepCopy();
    boolean neox = config.path("model_type").asString("").equals("gpt_neox");
    move(scaling, "rope_theta", config, neox ? "rotary_emb_base" : "rope_theta");
    move(scaling, "partial_rotary_factor", config, neox ? "rotary_pct" : "partial_rotary_factor");
    nameBothWays(scaling);
    config.set("rope_scaling", scaling);
  }

  private static void move(ObjectNode from, String key, ObjectNode to, String name) {
    var value = from.remove(key);
    if (value != null && !value.isNull()) {
      to.set(name, value);
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
