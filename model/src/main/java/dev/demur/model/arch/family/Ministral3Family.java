package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.QueryGrowth;
import dev.demur.model.arch.Rope;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ConfigClasses;
import dev.demur.model.format.UnsupportedModelException;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Ministral 3: a Mistral with YaRN, whose queries grow past the trained length.
///
/// Source: Mistral AI 2026 (arXiv 2601.08584) and `Ministral3Config` of transformers.
class Ministral3Family extends MistralFamily {

  private static final String SCALING = "rope_scaling";
  private static final String BASE = "rope_theta";
  private static final String BETA = "llama_4_scaling_beta";
  private static final String TRAINED = "original_max_position_embeddings";
  private static final String CONTEXT = "max_position_embeddings";

  /// The context stands in `rope_scaling` a second time, and is not used there.
  private static final Set<String> BESIDE_ROPE = Set.of(BETA, CONTEXT);

  /// Kinds of scaling whose trained length is the context when nothing is said.
  private static final Set<String> STRETCHED = Set.of("llama3", "yarn", "longrope");

  /// The class has a base for its own scaling, which counts where there is no other scaling.
  /// Another scaling without a base has that of most classes.
  @Override
  ConfigReader configuration(ConfigReader json) {
    if (!(json.json() instanceof ObjectNode said)) {
      return json;
    }
    var whole = said.deepCopy();
    if (!json.has(SCALING)) {
      whole.remove(BASE);
    } else if (!json.has(BASE)) {
      var mistral = BoundedJson.emptyObject().put("model_type", "mistral");
      whole.set(BASE, ConfigClasses.complete(mistral).path(BASE));
    }
    return new ConfigReader(json.model(), whole);
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return RopeReader.read(json, json.requireNumber(BASE), rotary(plan), BESIDE_ROPE);
  }

  @Override
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    double beta = json.object(SCALING).requireNumber(BETA);
    return new Attention.Position(
        Optional.of(rope(plan, layer)), Optional.of(new QueryGrowth.Steps(beta, trained(json), 0)));
  }

  private static int trained(ConfigReader json) throws UnsupportedModelException {
    var scaling = json.object(SCALING);
    return STRETCHED.contains(scaling.orElse("rope_type", "default"))
        ? json.orElse(TRAINED, scaling.orElse(TRAINED, json.require(CONTEXT)))
        : scaling.require(TRAINED);
  }
}
