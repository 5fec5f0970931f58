package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.behaviour.BehaviourAudit;
import dev.demur.lab.behaviour.BehaviourAudit.Opener;
import dev.demur.lab.behaviour.BehaviourConfig;
import dev.demur.lab.behaviour.BehaviourPrompts;
import dev.demur.lab.behaviour.BehaviourRun;
import dev.demur.lab.behaviour.Remedy;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The part of an audit that runs the model. Asked for by naming prompts.
public final class BehaviourOptions {

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Prompts: refusal-direction, demo, or a folder laid out as they are, as for demur study.")
  private @Nullable String data;

  @Option(
      names = "--harmful",
      paramLabel = "FILE",
      description = "Prompts a model should refuse; together with --harmless, in place of --data.")
  private @Nullable Path harmful;

  @Option(names = "--harmless", paramLabel = "FILE", description = "Prompts it should answer.")
  private @Nullable Path harmless;

  @Option(
      names = "--prompts",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Prompts of each kind that are answered; twice as many others are read (default: 32).")
  private int count = 32;

  @Option(
      names = "--restore",
      description =
          "With --parent: also try what adding or clamping the parent's direction at inference"
              + " brings back.")
  private boolean restore;

  /// Whether the model is to be run.
  ///
  /// @param parent the parent, if one is named
  /// @throws IllegalArgumentException if options do not go together
  public boolean areGiven(Optional<String> parent) {
    if ((harmful == null) != (harmless == null)) {
      throw new IllegalArgumentException("--harmful and --harmless belong together; give both");
    }
    if (harmful != null && data != null) {
      throw new IllegalArgumentException("give --data, or --harmful and --harmless, not all three");
    }
    boolean given = data != null || harmful != null;
    if (restore && !given) {
      throw new IllegalArgumentException(
          "--restore needs prompts: give --data, or --harmful and --harmless");
    }
    if (restore && parent.isEmpty()) {
      throw new IllegalArgumentException(
          "--restore puts back what the parent has; name it with --parent");
    }
    return given;
  }

  /// Reads the prompts, before hours go into anything else.
  public BehaviourAudit audit(Progress progress, Terminal terminal) throws IOException {
    var config = BehaviourConfig.asking(count);
    return new BehaviourAudit(prompts(config, terminal), config, progress);
  }

  /// Runs the checkpoint and its parent, if one is named.
  public BehaviourRun run(
      BehaviourAudit audit, String checkpoint, Optional<String> parent, Optional<Direction> known)
      throws IOException {
    return parent.isPresent()
        ? audit.of(
            opener(checkpoint),
            opener(parent.get()),
            known,
            restore ? Remedy.usual() : List.<Remedy>of())
        : new BehaviourRun(audit.of(opener(checkpoint), known), known, List.of());
  }

  private static Opener opener(String model) {
    return () -> ChatModel.load(model);
  }

  private BehaviourPrompts prompts(BehaviourConfig config, Terminal terminal) throws IOException {
    if (data != null) {
      return BehaviourPrompts.of(new DataArgument(data).layout(terminal), config);
    }
    if (harmful == null || harmless == null) {
      throw new IllegalArgumentException("no prompts: give --data, or --harmful and --harmless");
    }
    return BehaviourPrompts.of(
        PromptReader.usual().read(harmful), PromptReader.usual().read(harmless), config);
  }
}
