package dev.demur.model.arch.family;

import dev.demur.model.arch.Rope;
import dev.demur.model.arch.RopeScaling;
import dev.demur.model.format.UnsupportedModelException;
import java.util.List;
import java.util.Set;

/// Reads how a `config.json` rotates queries and keys.
///
/// Source: `modeling_rope_utils.py` of transformers 5.
final class RopeReader {

  /// What may stand in `rope_scaling`; anything else would change the computation unseen.
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "rope_type",
          "factor",
          "factors",
          "rope_theta",
          "partial_rotary_factor",
          "original_max_position_embeddings",
          "low_freq_factor",
          "high_freq_factor",
          "attention_factor",
          "beta_fast",
          "beta_slow",
          "mscale",
          "mscale_all_dim",
          "truncate",
          "short_factor",
          "long_factor",
          "finetuned");

  private final ConfigReader json;
  private final ConfigReader scaling;

  private RopeReader(ConfigReader json) {
    this.json = json;
    this.scaling = json.object("rope_scaling");
  }

  /// The rotation a configuration asks for.
  ///
  /// @param theta base of the frequencies
  /// @param rotary how many elements of a head rotate
  /// @throws UnsupportedModelException if it is of a kind not known here
  static Rope read(ConfigReader json, double theta, int rotary) throws UnsupportedModelException {
    return read(json, theta, rotary, Set.of());
  }

  /// The rotation of a family that keeps more beside it.
  ///
  /// @param others keys in `rope_scaling` that the family reads itself
  static Rope read(ConfigReader json, double theta, int rotary, Set<String> others)
      throws UnsupportedModelException {
    return rope(json, theta, rotary, new RopeReader(json).scaling(rotary, others));
  }

  /// A rotation without scaling.
  static Rope unscaled(ConfigReader json, double theta, int rotary)
      throws UnsupportedModelException {
    return rope(json, theta, rotary, new RopeScaling.None());
  }

  static Rope rope(ConfigReader json, double theta, int rotary, RopeScaling scaling)
      throws UnsupportedModelException {
    try {
      return new Rope(theta, rotary, scaling, Rope.Pairing.HALVES);
    } catch (IllegalArgumentException e) {
      throw json.unsupported("rotary positions: " + e.getMessage() + ".");
    }
  }

  private RopeScaling scaling(int rotary, Set<String> others) throws UnsupportedModelException {
    for (var key : scaling.json().propertyNames()) {
      if (!KNOWN.contains(key) && !others.contains(key) && scaling.has(key)) {
        throw json.unsupported("RoPE scaling with \"" + key + "\" is not known.");
      }
    }
    String type = scaling.orElse("rope_type", scaling.orElse("type", "default"));
    if (type.equals("mrope") && others.contains("mrope_section")) {
      return new RopeScaling.None();
    }
    return switch (type) {
      case "default" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(factor());
      case "dynamic" -> new RopeScaling.DynamicNtk(factor(), context());
      case "llama3" ->
          new RopeScaling.Llama3(
              factor(),
              required("low_freq_factor"),
              required("high_freq_factor"),
              originalContext());
      // Phi-3's first configurations call LongRoPE so.
      case "yarn" -> scaling.has("short_factor") ? longRope(rotary) : yarn();
      case "longrope", "su" -> longRope(rotary);
      case "factors" -> new RopeScaling.PerFrequency(divisors("factors", rotary));
      default ->
          throw json.unsupported(
              "RoPE scaling \""
                  + type
                  + "\" is not known; known are default, linear, dynamic, llama3, yarn, longrope,"
                  + " factors.");
    };
  }

  private RopeScaling yarn() throws UnsupportedModelException {
    // A factor of null, and only that, stands for the ratio of the two contexts.
    double factor =
        scaling.json().path("factor").isNull() ? (double) context() / originalContext() : factor();
    double scale = scaling.orElse("mscale", 0.0);
    double scaleAll = scaling.orElse("mscale_all_dim", 0.0);
    double usual =
        scale != 0 && scaleAll != 0
            ? yarnMagnitude(factor, scale) / yarnMagnitude(factor, scaleAll)
            : yarnMagnitude(factor, 1);
    return new RopeScaling.Yarn(
        factor,
        scaling.orElse("attention_factor", usual),
        scaling.positiveNumber("beta_fast").orElse(32),
        scaling.positiveNumber("beta_slow").orElse(1),
        originalContext(),
        scaling.flagOrElse("truncate", ConfigReader.Default.ON));
  }

  static double yarnMagnitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  private RopeScaling longRope(int rotary) throws UnsupportedModelException {
    int original = originalContext();
    double factor = scaling.has("factor") ? factor() : (double) context() / original;
    double usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    return new RopeScaling.LongRope(
        divisors("short_factor", rotary),
        divisors("long_factor", rotary),
        scaling.orElse("attention_factor", usual),
        original);
  }

  private double factor() throws UnsupportedModelException {
    return required("factor");
  }

  private double required(String key) throws UnsupportedModelException {
    return scaling
        .positiveNumber(key)
        .orElseThrow(() -> json.unsupported("RoPE scaling has no \"" + key + "\"."));
  }

  /// The context the model was trained on, before it was stretched.
  private int originalContext() throws UnsupportedModelException {
    String key = "original_max_position_embeddings";
    // Phi-3 says it beside rope_scaling, and there it counts first.
    return json.orElse(key, scaling.orElse(key, context()));
  }

  private int context() throws UnsupportedModelException {
    return json.require("max_position_embeddings");
  }

  private List<Double> divisors(String key, int rotary) throws UnsupportedModelException {
    var divisors = scaling.numbers(key);
    if (divisors.size() != rotary / 2 || divisors.contains(0.0)) {
      throw json.unsupported(
          "RoPE scaling \""
              + key
              + "\" has "
              + divisors.size()
              + " numbers, expected "
              + rotary / 2
              + " that are not 0.");
    }
    return divisors;
  }
}
