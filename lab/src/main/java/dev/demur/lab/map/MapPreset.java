package dev.demur.lab.map;

import dev.demur.lab.LowerCase;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.map.reading.MapConfig.Scalings;
import dev.demur.lab.map.reading.MapConfig.Writing;
import dev.demur.lab.map.reading.PlaceChoice;
import dev.demur.lab.map.reading.PlaceChoice.Reach;
import dev.demur.lab.map.reading.PlaceChoice.Rule;
import dev.demur.lab.paper.Published;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A published work's own settings of a map. Prompts are the caller's: the works' sets are their
/// authors'.
public enum MapPreset {
  /// Eleven kinds of refusal: one layer in the middle, the second last token of the template, 32
  /// and 32 prompts, saturating additions, the controlled set.
  JOAD("joad2026"),
  /// Reasoning against memorisation: directions of the last token, the component multiplied by .9
  /// and 1.1 everywhere, one source layer at a time from the third on.
  LIREFS("hong2025"),
  /// Refusal in many languages: 128 prompts, a place for each language by the study's rule with a
  /// KL of at most .2.
  POLYREFUSE("wang2025"),
  /// Personas: 100 answers of each kind, a third of the way up, added and subtracted.
  PERSONAS("ghandeharioun2024");

  private final String work;

  MapPreset(String work) {
    this.work = work;
  }

  /// The name in flags.
  public String text() {
    return LowerCase.of(name());
  }

  /// The preset of that name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static MapPreset named(String text) {
    return Arrays.stream(values())
        .filter(preset -> preset.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "presets are "
                        + Arrays.stream(values())
                            .map(MapPreset::text)
                            .collect(Collectors.joining(", "))
                        + "; was "
                        + text));
  }

  /// The work's numbers.
  public Published published() {
    return Published.named(work);
  }

  /// Its settings for a model.
  ///
  /// @param layers of the model
  public MapConfig config(int layers) {
    var usual = MapConfig.usual();
    return switch (this) {
      case JOAD ->
          usual
              .with(at(layers, 20.0 / 42, -2)) // Gemma-2-9b: 20 of 42
              .withSizes(32, 32)
              .withDoses(List.of(0.25, 0.5, 1.0, 2.0));
      case LIREFS ->
          usual
              .with(at(layers, 0.5, -1)) // for cosines; scalings have their own layers
              .withSizes(3000, 200)
              .withDoses(List.of())
              .with(new Scalings(List.of(0.9, 1.1), from(Math.min(3, layers - 1), layers)))
              .with(new Writing(200, usual.writing().batch()));
      case POLYREFUSE ->
          usual
              .with(new PlaceChoice.Selected(Rule.BYPASS, Reach.EACH))
              .with(withKl(usual.rules(), 0.2))
              .withSizes(128, 572)
              .withDoses(List.of())
              .with(new Writing(512, usual.writing().batch()));
      case PERSONAS ->
          usual
              .with(at(layers, 13.0 / 40, -1)) // Llama-2-13B: 13 of 40
              .withSizes(100, 100)
              .withDoses(List.of(-0.5, -0.25, 0.25, 0.5));
    };
  }

  private static PlaceChoice at(int layers, double share, int position) {
    int layer = Math.toIntExact(Math.clamp(Math.round(share * layers), 1, layers - 1));
    return new PlaceChoice.Fixed(new Candidate(position, layer));
  }

  private static List<Integer> from(int first, int layers) {
    return IntStream.range(first, layers).boxed().toList();
  }

  private static SelectionRules withKl(SelectionRules rules, double limit) {
    return new SelectionRules(
        limit, rules.induceLimit(), rules.pruneShare(), rules.coordinates(), rules.criterion());
  }
}
