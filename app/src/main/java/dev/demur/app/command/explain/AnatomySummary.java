package dev.demur.app.command.explain;

import dev.demur.lab.VisibleText;
import dev.demur.lab.explain.Anatomy;
import dev.demur.lab.explain.Anatomy.TokenReading;
import java.nio.file.Path;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What `demur explain -p` prints.
///
/// @param found what was found
/// @param folder where the page is
/// @param colour whether tokens are coloured
record AnatomySummary(Anatomy found, Path folder, Colour colour) {

  /// Whether the reader's terminal shows colours.
  enum Colour {
    ON,
    OFF
  }

  /// Layers told of each token.
  private static final int LAYERS = 5;

  /// Entries of the terminals' palette of 256, from strongly against the direction to strongly
  /// along it; text on them is black.
  private static final List<Integer> SHADES = List.of(33, 75, 117, 159, 255, 224, 217, 210, 203);

  /// One page for people, without control characters but the colours.
  String text() {
    var text = new Formatter(Locale.ROOT);
    text.format(
        "%s: refusal score %.2f nats, %s to refuse (refusal opens with %s)%n%n",
        found.model(),
        found.score(),
        found.score() > 0 ? "about" : "not about",
        String.join(" ", found.refusalTokens()));
    String shades =
        switch (colour) {
          case ON -> coloured();
          case OFF -> "";
        };
    var rest = new Formatter(Locale.ROOT);
    if (colour == Colour.OFF) {
      table(rest);
    }
    growth(rest);
    lens(rest);
    heads(rest);
    variants(rest);
    rest.format("%nPage: %s%n", folder.resolve("report.html"));
    return VisibleText.of(text.toString()) + shades + VisibleText.of(rest.toString());
  }

  /// Layers evenly over the model, and the direction's.
  private List<Integer> layers() {
    var layers = new TreeSet<Integer>();
    for (int i = 1; i < LAYERS; i++) {
      layers.add(Math.round((float) i * found.layers() / (LAYERS - 1)));
    }
    layers.add(found.directionLayer());
    return List.copyOf(layers);
  }

  private String coloured() {
    var text = new Formatter(Locale.ROOT);
    text.format("Projection on the direction: blue against it, red along it.%n");
    for (int layer : layers()) {
      text.format("%n%s%n", name(layer));
      double reach = found.reach(layer);
      for (var token : found.tokens()) {
        double value = reach == 0 ? 0 : token.projections().get(layer) / reach;
        int middle = SHADES.size() / 2;
        int shade = middle + (int) Math.round(Math.clamp(value, -1, 1) * middle);
        String shown = visible(token.text());
        text.format("\u001b[30;48;5;%dm%s\u001b[0m", SHADES.get(shade), shown);
        if (token.text().contains("\n")) {
          text.format("%n");
        }
      }
      text.format("%n");
    }
    return text.toString();
  }

  private String name(int layer) {
    return layer == found.layers()
        ? "final stream"
        : "layer " + layer + (layer == found.directionLayer() ? " (the direction's)" : "");
  }

  private void table(Formatter text) {
    text.format("Projection on the direction by layer%n  %-16s %-12s", "token", "of");
    layers().forEach(l -> text.format(" %8s", l == found.layers() ? "final" : l));
    text.format("%n");
    for (TokenReading token : found.tokens()) {
      text.format(
          "  %-16s %-12s", visible(token.text()), token.region().name().toLowerCase(Locale.ROOT));
      layers().forEach(l -> text.format(" %8.2f", token.projections().get(l)));
      text.format("%n");
    }
  }

  private void growth(Formatter text) {
    text.format("%nRefusal score as the prompt grows, nats%n");
    for (var point : found.growth()) {
      text.format(
          "  %-16s %7.2f%n",
          point.text().isEmpty() ? "(nothing)" : visible(point.text()), point.score());
    }
  }

  private void lens(Formatter text) {
    text.format("%nWhat it would say at each layer%n");
    for (var row : found.lens()) {
      text.format(
          "  %5s  score %7.2f  %s%n",
          row.layer() == found.layers() ? "final" : row.layer(),
          row.score(),
          chances(row.likeliest()));
    }
  }

  private void heads(Formatter text) {
    text.format("%nHeads that write most along the direction at the last token%n");
    for (var head : found.heads()) {
      double written = head.written().values().stream().mapToDouble(Double::doubleValue).sum();
      String sources =
          head.sources().stream()
              .limit(3)
              .map(s -> String.format(Locale.ROOT, "%s %.0f %%", s.token(), 100 * s.mass()))
              .collect(Collectors.joining(", "));
      text.format("  L%dH%-3d %8.2f  reads %s%n", head.layer(), head.head(), written, sources);
    }
  }

  private void variants(Formatter text) {
    text.format("%nWhat interventions change%n");
    for (var variant : found.variants()) {
      text.format(
          "  %-13s score %7.2f  %s%n",
          variant.variant(), variant.score(), visible(variant.text()).replace('·', ' '));
    }
  }

  private static String chances(List<Anatomy.TokenChance> chances) {
    return chances.stream()
        .map(c -> String.format(Locale.ROOT, "%s %.0f %%", c.token(), 100 * c.probability()))
        .collect(Collectors.joining("  "));
  }

  private static String visible(String text) {
    return VisibleText.line(text.replace("\n", "⏎").replace("\t", "⇥"));
  }
}
