package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the unedited model is compared with.
public final class VariantOptions {

  @Option(
      names = "--ablate",
      paramLabel = "DIRECTION",
      description =
          "Compare with this direction removed: a direction.safetensors, or the run folder it is"
              + " in.")
  private @Nullable Path ablate;

  @Option(
      names = "--add",
      paramLabel = "DIRECTION",
      description = "Compare with this direction added at the layer it was read from.")
  private @Nullable Path add;

  @Option(
      names = "--coefficient",
      paramLabel = "C",
      description =
          "Factor of --add; negative subtracts (default: 1; on text -1, as in the paper,"
              + " and 1).")
  private @Nullable Double coefficient;

  @Mixin private PolicyOptions policy = new PolicyOptions();

  /// The unedited model, then what the options name. Directions belong to the caller's innermost
  /// scope.
  public List<Treatment> on(ChatModel model, Terminal terminal) throws IOException {
    return with(List.of(1.0), model, terminal);
  }

  /// The same for cross-entropy on text, where the paper subtracts the direction: without a factor
  /// it is both subtracted and added.
  public List<Treatment> onText(ChatModel model, Terminal terminal) throws IOException {
    return with(List.of(-1.0, 1.0), model, terminal);
  }

  private List<Treatment> with(List<Double> usual, ChatModel model, Terminal terminal)
      throws IOException {
    if (coefficient != null && add == null) {
      throw new IllegalArgumentException("--coefficient belongs to --add, which is not given");
    }
    var variants = new ArrayList<Treatment>();
    variants.add(Treatment.unedited());
    if (ablate != null) {
      variants.add(
          Treatment.ablation(
              Variant.ABLATION,
              new DirectionArgument(ablate).readFor(Operation.ABLATION, model, terminal)));
    }
    if (add != null) {
      var direction = new DirectionArgument(add).readFor(Operation.ADDITION, model, terminal);
      for (double factor : coefficient == null ? usual : List.of(coefficient)) {
        var variant = factor < 0 ? Variant.SUBTRACTION : Variant.ADDITION;
        variants.add(Treatment.addition(variant, direction, factor));
      }
    }
    policy.on(model, terminal).ifPresent(one -> variants.add(Treatment.policy(one)));
    return variants;
  }
}
