package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.trial.Systems.Prompts;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Whether a trial fits every system itself, and on what.
public final class SystemOptions {

  /// Prompts that openings of refusals are found on.
  private static final int READ = 64;

  @Option(
      names = "--every-system",
      description =
          "Fit every method of demur policy fit first, and try all of them, the direction added and"
              + " ablated, the ablation as an adapter, every wrapper and self-cd.")
  private boolean every;

  @Option(
      names = "--fit-harmful",
      paramLabel = "FILE",
      description = "With --every-system: prompts to refuse (default for demo: its own).")
  private @Nullable Path harmful;

  @Option(
      names = "--fit-harmless",
      paramLabel = "FILE",
      description = "With --every-system: prompts to follow (default for demo: its own).")
  private @Nullable Path harmless;

  @Option(
      names = "--fit-pseudo",
      paramLabel = "FILE",
      description =
          "With --every-system: prompts to follow that sound harmful (default for demo: its own;"
              + " without any, surgical is left out).")
  private @Nullable Path pseudo;

  @Mixin private RefusalOptions refusal = new RefusalOptions();

  /// Whether everything is tried.
  public boolean isEvery() {
    return every;
  }

  /// The prompts of fits.
  ///
  /// @param demo whether the embedded model's own stand in for what is not given
  public Prompts prompts(boolean demo) throws IOException {
    boolean sounding = demo || pseudo != null;
    return new Prompts(
        PromptsArgument.read(harmful, "--fit-harmful", "splits/harmful_train", demo),
        PromptsArgument.read(harmless, "--fit-harmless", "splits/harmless_train", demo),
        sounding
            ? Optional.of(
                PromptsArgument.read(pseudo, "--fit-pseudo", "sets/pseudo_harmful_train", demo))
            : Optional.empty());
  }

  /// The refusal direction, where one is given.
  public Optional<Direction> direction(ChatModel model, Terminal terminal) throws IOException {
    return refusal.isGiven()
        ? Optional.of(refusal.direction("--every-system", model, terminal))
        : Optional.empty();
  }

  /// The tokens that open a refusal: those given or known, the embedded model's, or else those that
  /// harmful prompts are answered with and harmless ones are not.
  public Set<Integer> tokens(ChatModel model, Prompts prompts, boolean demo) throws IOException {
    var known = refusal.knownTokens(model);
    if (known.isPresent()) {
      return known.get();
    }
    if (demo) {
      return Set.copyOf(TokenArgument.ids(DemoModel.refusalOpenings(), model.tokenizer()));
    }
    try (var _ = Scope.open()) {
      return RefusalTokens.find(first(model, prompts.harmful()), first(model, prompts.harmless()))
          .ids();
    }
  }

  private static Tensor first(ChatModel model, PromptSet set) {
    var asked =
        set.instructions().stream().limit(READ).map(one -> model.prompt(one).tokens()).toList();
    return model.forward().lastLogits(asked, HookPlan.none());
  }
}
