package dev.demur.lab.map;

import dev.demur.lab.map.effect.Association;
import dev.demur.lab.map.effect.BackTranslation;
import dev.demur.lab.map.effect.ControlledRow;
import dev.demur.lab.map.effect.Effect;
import dev.demur.lab.map.effect.Tried;
import dev.demur.lab.map.geometry.Angle;
import dev.demur.lab.map.geometry.Apart;
import dev.demur.lab.map.geometry.Layout;
import dev.demur.lab.map.geometry.PairGeometry;
import dev.demur.lab.map.reading.Matching;
import dev.demur.lab.map.style.StyleRow;
import dev.demur.lab.score.RefusalTokens.Origin;
import java.util.List;
import java.util.Optional;

/// What a map found.
///
/// @param model its name
/// @param counted what the outcome counts, in words
/// @param pairs every direction by itself
/// @param order of the pairs in which like ones stand together, by number
/// @param angles all cosines, row by row in the pairs' order
/// @param layout the directions as points of a plane
/// @param apart how far the sides of each pair lie apart, by place
/// @param openings tokens that open refusals, by language
/// @param matchings directions against those of prompts alike in length and digits
/// @param effects what every edit changes on every set
/// @param controlled what edits make of the controlled set, the unedited model first; empty without
///   one
/// @param associations whether what the stream shows goes with what edits do
/// @param backTranslations pairs in another language beside the same prompts translated back
/// @param styles how refusals speak, by direction; empty where that was not asked for
public record MapResult(
    String model,
    String counted,
    List<PairGeometry> pairs,
    List<Integer> order,
    List<Angle> angles,
    Layout layout,
    List<Apart> apart,
    List<Opening> openings,
    List<Matching> matchings,
    List<Effect> effects,
    List<ControlledRow> controlled,
    List<Association> associations,
    List<BackTranslation> backTranslations,
    List<StyleRow> styles) {

  public MapResult {
    pairs = List.copyOf(pairs);
    order = List.copyOf(order);
    angles = List.copyOf(angles);
    apart = List.copyOf(apart);
    openings = List.copyOf(openings);
    matchings = List.copyOf(matchings);
    effects = List.copyOf(effects);
    controlled = List.copyOf(controlled);
    associations = List.copyOf(associations);
    backTranslations = List.copyOf(backTranslations);
    styles = List.copyOf(styles);
  }

  /// Tokens that open refusals of one language.
  ///
  /// @param language its code
  /// @param tokens what they read
  /// @param coverage share of the first-token probability that target prompts have and contrast
  ///   prompts lack which they hold
  /// @param origin given or found
  public record Opening(String language, List<String> tokens, double coverage, Origin origin) {
    public Opening {
      tokens = List.copyOf(tokens);
    }
  }

  /// The cell of two directions.
  public Angle angle(String first, String second) {
    return Angle.between(first, second, angles);
  }

  /// What an edit changes on a set, where it was tried.
  public Optional<Effect> effect(Tried tried, String set) {
    return effects.stream().filter(e -> e.tried().equals(tried) && e.set().equals(set)).findFirst();
  }

  /// The pairs' names in the order of [#order].
  public List<String> names() {
    return order.stream().map(i -> pairs.get(i).name()).toList();
  }
}
