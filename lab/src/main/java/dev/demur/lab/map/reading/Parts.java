package dev.demur.lab.map.reading;

import dev.demur.lab.Seeds;
import dev.demur.lab.Sha256;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.pairs.Pair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which prompts make directions, which choose places, and which are asked. A prompt has the same
/// part in every pair it stands in, so that no direction is tried on a prompt that another pair's
/// direction was made of.
public final class Parts {

  /// What a prompt is for.
  enum Part {
    /// Makes directions.
    TRAIN,
    /// Chooses places.
    VALIDATION,
    /// Is asked, and projected.
    TEST
  }

  /// Shares of a side: half makes directions, an eighth chooses places where one is chosen, the
  /// rest is asked.
  private static final double TRAIN = 0.5;

  private static final double VALIDATION = 0.125;

  private final Map<String, Part> parts = new HashMap<>();
  private final MapConfig config;

  private Parts(MapConfig config) {
    this.config = config;
  }

  /// Parts of all prompts of some pairs, filled side by side.
  static Parts of(List<Pair> pairs, MapConfig config) {
    var parts = new Parts(config);
    for (var pair : pairs) {
      parts.assign(pair.target());
      parts.assign(pair.contrast());
    }
    return parts;
  }

  private void assign(List<MapPrompt> side) {
    var texts = side.stream().map(MapPrompt::text).distinct().sorted(order()).toList();
    int n = texts.size();
    boolean chooses = config.place() instanceof PlaceChoice.Selected;
    var open = new HashMap<Part, Integer>();
    open.put(Part.TRAIN, (int) Math.ceil(n * TRAIN));
    open.put(Part.VALIDATION, chooses ? (int) Math.ceil(n * VALIDATION) : 0);
    texts.stream()
        .filter(parts::containsKey)
        .forEach(text -> open.merge(parts.get(text), -1, Integer::sum));
    for (String text : texts) {
      if (!parts.containsKey(text)) {
        var part = next(open);
        parts.put(text, part);
        open.merge(part, -1, Integer::sum);
      }
    }
  }

  private static Part next(Map<Part, Integer> open) {
    if (open.getOrDefault(Part.TRAIN, 0) > 0) {
      return Part.TRAIN;
    }
    return open.getOrDefault(Part.VALIDATION, 0) > 0 ? Part.VALIDATION : Part.TEST;
  }

  private Comparator<String> order() {
    long seed = new Seeds(config.seed()).forStage("map-parts");
    return Comparator.comparing(text -> Sha256.ofText(seed + text));
  }

  /// The prompts of one side that have a part, each once, at most as many as the configuration
  /// takes.
  List<MapPrompt> of(List<MapPrompt> side, Part part) {
    int most =
        switch (part) {
          case TRAIN -> config.train();
          case VALIDATION, TEST -> config.test();
        };
    var found = new ArrayList<MapPrompt>();
    var seen = new HashMap<String, Boolean>();
    var ordered = new ArrayList<>(side);
    ordered.sort(Comparator.comparing(MapPrompt::text, order()));
    for (var prompt : ordered) {
      boolean isNew = seen.put(prompt.text(), true) == null;
      if (isNew && parts.get(prompt.text()) == part && found.size() < most) {
        found.add(prompt);
      }
    }
    return found;
  }
}
