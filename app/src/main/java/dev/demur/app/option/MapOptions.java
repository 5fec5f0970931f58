package dev.demur.app.option;

import dev.demur.lab.activations.Places;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.map.reading.MapConfig.Scalings;
import dev.demur.lab.map.reading.MapConfig.Writing;
import dev.demur.lab.map.reading.PlaceChoice;
import dev.demur.lab.map.reading.PlaceChoice.Reach;
import dev.demur.lab.map.reading.PlaceChoice.Rule;
import dev.demur.model.ChatModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a map is made, as the command line says it.
public final class MapOptions {

  /// The first source layer of a scaling, as in Hong et al. 2025.
  private static final int FIRST_SOURCE = 3;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description = "Read all directions at this layer (default: a layer is chosen).")
  private @Nullable Integer layer;

  @Option(
      names = "--position",
      paramLabel = "N",
      description = "Token to read them at, from the end (default with --layer: -1, the last).")
  private @Nullable Integer position;

  @Option(
      names = "--select",
      paramLabel = "RULE",
      description =
          "How a place is chosen, on prompts that are not asked later: bypass (the study's"
              + " rule), cosmic, or outcome (default: bypass).")
  private @Nullable String rule;

  @Option(
      names = "--own-places",
      description = "Choose a place for every pair (default: that of the first pair, for all).")
  private boolean ownPlaces;

  @Option(
      names = "--kl-limit",
      paramLabel = "NATS",
      description =
          "Most KL divergence a chosen place may cost on contrast prompts (default: 0.1).")
  private @Nullable Double klLimit;

  @Option(
      names = "--train",
      paramLabel = "N",
      description = "Most prompts of a side that make a direction (default: 64).")
  private @Nullable Integer train;

  @Option(
      names = "--test",
      paramLabel = "N",
      description = "Most prompts of a side that are asked (default: 32).")
  private @Nullable Integer test;

  @Option(
      names = "--dose",
      split = ",",
      paramLabel = "SHARE",
      description =
          "Add each direction so that it is this share of the stream's median length; 0 adds"
              + " none (default: 0.25,0.5,1).")
  private @Nullable List<Double> doses;

  @Option(
      names = "--scale",
      split = ",",
      paramLabel = "FACTOR",
      description =
          "Multiply the component along directions of the layers of --source-layers by this, at"
              + " every layer and site.")
  private @Nullable List<Double> factors;

  @Option(
      names = "--source-layers",
      paramLabel = "LAYERS",
      description = "Layers whose directions --scale takes, e.g. 3-7 (default: all from 3 on).")
  private @Nullable String sourceLayers;

  @Option(
      names = "--controls",
      paramLabel = "N",
      description = "Random directions of each kind of edit (default: 1).")
  private @Nullable Integer controls;

  @Option(
      names = "--controlled-size",
      paramLabel = "N",
      description = "Most prompts of each cell of the controlled set (default: 50).")
  private @Nullable Integer controlled;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Length at which a written answer is cut (default: 48).")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Answers written together (default: 32).")
  private @Nullable Integer batch;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of parts, draws and controls (default: 42).")
  private @Nullable Long seed;

  /// The configuration for a model.
  ///
  /// @param usual what holds where nothing is said
  /// @throws IllegalArgumentException if a value makes no sense, or two exclude each other
  public MapConfig config(MapConfig usual, ChatModel model) {
    var rules =
        klLimit == null
            ? usual.rules()
            : new SelectionRules(
                klLimit,
                usual.rules().induceLimit(),
                usual.rules().pruneShare(),
                usual.rules().coordinates(),
                usual.rules().criterion());
    return new MapConfig(
        place(usual),
        rules,
        or(train, usual.train()),
        or(test, usual.test()),
        doses == null ? usual.doses() : doses.equals(List.of(0.0)) ? List.of() : doses,
        scalings(usual, model),
        or(controls, usual.controls()),
        or(controlled, usual.controlled()),
        new Writing(
            or(maxNewTokens, usual.writing().maxNewTokens()), or(batch, usual.writing().batch())),
        or(seed, usual.seed()));
  }

  private static <T> T or(@Nullable T given, T usual) {
    return given == null ? usual : given;
  }

  private PlaceChoice place(MapConfig usual) {
    if (layer != null) {
      if (rule != null || ownPlaces) {
        throw new IllegalArgumentException(
            "--layer names the place; leave --select and --own-places out");
      }
      return new PlaceChoice.Fixed(new Candidate(or(position, -1), layer));
    }
    if (position != null) {
      throw new IllegalArgumentException("--position belongs to --layer, which is not given");
    }
    if (rule == null && !ownPlaces) {
      return usual.place();
    }
    return new PlaceChoice.Selected(
        rule == null ? Rule.BYPASS : rule(rule), ownPlaces ? Reach.EACH : Reach.FIRST);
  }

  private static Rule rule(String text) {
    return Arrays.stream(Rule.values())
        .filter(one -> one.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--select must be "
                        + Arrays.stream(Rule.values())
                            .map(Rule::text)
                            .collect(Collectors.joining(", "))
                        + "; was "
                        + text));
  }

  private Scalings scalings(MapConfig usual, ChatModel model) {
    if (sourceLayers != null && factors == null && usual.scalings().factors().isEmpty()) {
      throw new IllegalArgumentException("--source-layers belongs to --scale, which is not given");
    }
    var wanted = factors == null ? usual.scalings().factors() : factors;
    if (wanted.isEmpty()) {
      return Scalings.none();
    }
    int layers = model.config().nLayers();
    return new Scalings(
        wanted,
        sourceLayers == null
            ? IntStream.range(Math.min(FIRST_SOURCE, layers - 1), layers).boxed().toList()
            : Places.parse(sourceLayers).among(layers, "layer"));
  }
}
