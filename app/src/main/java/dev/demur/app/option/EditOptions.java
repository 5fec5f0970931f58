package dev.demur.app.option;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.lab.steer.WeightEdit.Lengths;
import dev.demur.model.arch.writer.StreamWriter.Component;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is written into the weights.
public final class EditOptions {

  private static final Pattern RANGE = Pattern.compile("(\\d{1,6})-(\\d{1,6})");

  @Option(
      names = "--strength",
      paramLabel = "λ",
      description =
          "Share of the component to remove: 1 removes all of it, 2 reverses it (default:" + " 1).")
  private @Nullable Double strength;

  @Option(
      names = "--layers",
      paramLabel = "A-B",
      description = "Only these blocks, from 0, both ends included (default: all).")
  private @Nullable String layers;

  @Option(
      names = "--components",
      split = ",",
      paramLabel = "NAME",
      description =
          "Which of embedding, attention, mlp, separated by commas (default: all; with"
              + " --layers attention,mlp).")
  private List<String> components = List.of();

  @Option(
      names = "--keep-norms",
      description =
          "Give each column of a matrix, and each row of an embedding, the length back that it had"
              + " before. The change then has no rank of 1, and no hook does the same.")
  private boolean keepNorms;

  @Option(
      names = "--project-baseline",
      paramLabel = "FILE",
      description =
          "Harmless prompts: take out of the direction what it shares with their mean at the place"
              + " it was read, r − (r·μ) μ, before it is removed. The model is run on them. (The"
              + " baseline of this option is that mean, not the unedited model.)")
  private @Nullable Path baseline;

  @Option(
      names = "--add",
      description =
          "Instead of removing the direction, add it at the layer it was read from: a bias, in"
              + " families that have one there.")
  private boolean add;

  @Option(
      names = "--coefficient",
      paramLabel = "C",
      description =
          "Factor of the raw direction with --add and in control vectors; negative"
              + " subtracts (default: 1).")
  private @Nullable Double coefficient;

  /// The factor of a control vector, which is an addition whether `--add` says so or not.
  public double ofControlVector() {
    if (isAboutRemoving()) {
      throw new IllegalArgumentException(
          "--strength, --layers, --components, --keep-norms and --project-baseline are about"
              + " weights, not about a control vector");
    }
    return coefficient == null ? 1 : coefficient;
  }

  public boolean isAddition() {
    return add;
  }

  /// The harmless prompts whose mean is taken out of the direction; empty where none is.
  public Optional<Path> baseline() {
    return Optional.ofNullable(baseline);
  }

  /// The edit the options ask for.
  public WeightEdit of(Direction direction) {
    if (add) {
      if (isAboutRemoving()) {
        throw new IllegalArgumentException(
            "--strength, --layers, --components, --keep-norms and --project-baseline belong to"
                + " removing, not to --add");
      }
      return new WeightEdit.Shift(direction, coefficient == null ? 1 : coefficient);
    }
    if (coefficient != null) {
      throw new IllegalArgumentException("--coefficient belongs to --add, which is not given");
    }
    return new WeightEdit.Orthogonalize(
        direction,
        strength == null ? 1 : strength,
        reach(),
        keepNorms ? Lengths.KEPT : Lengths.CHANGED);
  }

  private boolean isAboutRemoving() {
    return strength != null
        || layers != null
        || !components.isEmpty()
        || keepNorms
        || baseline != null;
  }

  private Reach reach() {
    if (layers == null) {
      return new Reach(0, Reach.END, components(EnumSet.allOf(Component.class)));
    }
    var range = RANGE.matcher(layers);
    if (!range.matches()) {
      throw new IllegalArgumentException(
          "--layers must be A-B, such as 10-20, was \"" + layers + "\"");
    }
    return new Reach(
        Integer.parseInt(range.group(1)),
        Integer.parseInt(range.group(2)),
        components(EnumSet.of(Component.ATTENTION, Component.MLP)));
  }

  private Set<Component> components(Set<Component> unsaid) {
    if (components.isEmpty()) {
      return unsaid;
    }
    var chosen = EnumSet.noneOf(Component.class);
    for (String name : components) {
      chosen.add(
          Arrays.stream(Component.values())
              .filter(c -> c.name().toLowerCase(Locale.ROOT).equals(name.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "--components knows embedding, attention and mlp, was \""
                              + name
                              + "\"")));
    }
    return chosen;
  }
}
