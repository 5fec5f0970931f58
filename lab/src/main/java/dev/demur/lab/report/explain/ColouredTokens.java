package dev.demur.lab.report.explain;

import dev.demur.lab.VisibleText;
import dev.demur.lab.explain.Anatomy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A prompt's tokens shaded by their projection on the direction, for a terminal of 256 colours.
///
/// The text holds the escape sequences of its colours and no other control characters, whatever the
/// tokens hold.
public final class ColouredTokens {

  /// Entries of the terminals' palette of 256, from strongly against the direction to strongly
  /// along it; text on them is black.
  private static final List<Integer> SHADES = List.of(33, 75, 117, 159, 255, 224, 217, 210, 203);

  private final Anatomy found;

  private ColouredTokens(Anatomy found) {
    this.found = found;
  }

  /// The prompt once for each of a few layers; a layer's colours reach as far as its largest
  /// projection.
  public static String write(Anatomy found) {
    var shaded = new ColouredTokens(found);
    var parts = new ArrayList<String>();
    parts.add("Projection on the direction: blue against it, red along it.\n");
    AnatomySummary.layers(found).forEach(layer -> parts.add(shaded.layer(layer)));
    return String.join("\n", parts) + "\n";
  }

  private String layer(int layer) {
    double reach = found.reach(layer);
    return found.tokens().stream()
        .map(token -> shaded(token.text(), reach == 0 ? 0 : token.projections().get(layer) / reach))
        .collect(Collectors.joining("", name(layer) + "\n", "\n"));
  }

  private String name(int layer) {
    return layer == found.layers()
        ? "final stream"
        : "layer " + layer + (layer == found.directionLayer() ? " (the direction's)" : "");
  }

  /// @param value −1 to 1
  private static String shaded(String text, double value) {
    int middle = SHADES.size() / 2;
    int shade = middle + (int) Math.round(Math.clamp(value, -1, 1) * middle);
    String shown = VisibleText.line(text.replace("\n", "↵").replace("\t", "⇥"));
    return String.format(
        Locale.ROOT,
        "\u001b[30;48;5;%dm%s\u001b[0m%s",
        SHADES.get(shade),
        shown,
        text.contains("\n") ? "\n" : "");
  }
}
