package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.policy.Policy;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is done to the model while it runs.
public final class SteeringOptions {

  @ArgGroup(exclusive = true)
  private @Nullable Kind kind;

  @Option(
      names = "--coefficient",
      paramLabel = "C",
      description = "Factor of --add; negative subtracts (default: 1).")
  private @Nullable Double coefficient;

  @Mixin private PolicyOptions policy = new PolicyOptions();

  /// At most one of the two.
  private static final class Kind {

    @Option(
        names = "--ablate",
        paramLabel = "DIRECTION",
        description = "Remove this direction: a direction.safetensors, or the run folder it is in.")
    private @Nullable Path ablate;

    @Option(
        names = "--add",
        paramLabel = "DIRECTION",
        description = "Add this direction at the layer it was read from.")
    private @Nullable Path add;
  }

  /// The policy the options ask for, checked against the model. Belongs to the caller's innermost
  /// scope.
  public Policy on(ChatModel model, Terminal terminal) throws IOException {
    var ablate = Optional.ofNullable(kind).map(k -> k.ablate);
    var add = Optional.ofNullable(kind).map(k -> k.add);
    if (ablate.isPresent() && add.isPresent()) { // one of them from the settings
      throw new IllegalArgumentException("--ablate and --add exclude each other; give one");
    }
    if (coefficient != null && add.isEmpty()) {
      throw new IllegalArgumentException("--coefficient belongs to --add, which is not given");
    }
    var written = policy.on(model, terminal);
    if (written.isPresent() && (ablate.isPresent() || add.isPresent())) {
      throw new IllegalArgumentException(
          "--policy excludes --ablate and --add; write all of it in the policy");
    }
    if (written.isPresent()) {
      return written.get();
    }
    if (ablate.isPresent()) {
      return Policy.ablation(
          new DirectionArgument(ablate.get()).readFor(Operation.ABLATION, model, terminal));
    }
    if (add.isPresent()) {
      double factor = coefficient == null ? 1 : coefficient;
      return Policy.addition(
          new DirectionArgument(add.get()).readFor(Operation.ADDITION, model, terminal), factor);
    }
    return Policy.none();
  }
}
