package dev.demur.app.command.toy;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Interruption;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.option.WrittenOptions;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.Progress.Task;
import dev.demur.model.DeviceChoice;
import dev.demur.model.tensor.Torch;
import dev.demur.toy.Toy;
import dev.demur.toy.train.Progress.Step;
import dev.demur.toy.train.Recipe;
import dev.demur.toy.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `demur toy …`.
@Command(
    name = "toy",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Unpack the embedded demo models, or train them anew.")
public final class ToyCommand implements Runnable {

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public ToyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// `demur toy export`.
  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = {
        "Write the models and the prompt sets to a folder.",
        "",
        "base, chat and think are ordinary Hugging Face"
            + " folders; prompts is laid out as --data expects it."
      })
  int export(
      @Parameters(paramLabel = "DIR", description = "Folder to write to.") Path folder,
      @Mixin WrittenOptions written)
      throws IOException {
    Toy.export(folder);
    written.say(terminal, folder);
    return ExitCode.OK;
  }

  /// `demur toy train`.
  @Command(
      name = "train",
      mixinStandardHelpOptions = true,
      description = {
        "Train the demo model from scratch, or the thinking one from the embedded base.",
        "",
        "If it is stopped, the same command continues from its"
            + " last checkpoint. The same seed on the same machine gives the same weights."
      })
  int train(
      @Option(
              names = "--out",
              required = true,
              paramLabel = "DIR",
              description = "Folder for checkpoint and models.")
          Path out,
      @Option(
              names = "--seed",
              paramLabel = "N",
              defaultValue = "0",
              description = "Seed of everything random (default: 0).")
          long seed,
      @Option(
              names = "--curriculum",
              paramLabel = "NAME",
              defaultValue = "demo",
              description =
                  "${COMPLETION-CANDIDATES} (default: demo). think goes on from the embedded"
                      + " demo-base and makes demo-think.")
          Curriculum curriculum,
      @Option(
              names = "--device",
              paramLabel = "DEVICES",
              defaultValue = "cpu",
              description =
                  "Where the weights learn: cpu, cuda, cuda:N or several, as for other commands"
                      + " (default: cpu; these models are too small to gain from a card).")
          String device,
      @Mixin WrittenOptions written)
      throws IOException {
    var devices = DeviceChoice.parse(device);
    devices.prepare();
    Torch.threads(1); // products of 128 columns: a second thread would only wait
    var remedy = "The last checkpoint is in " + out + "; the same command continues from there.";
    try (var watch = Interruption.watch(terminal, remedy);
        var shown = new Phases(watch.countingSteps(new TerminalProgress(terminal)))) {
      new Trainer(curriculum.recipe(seed), out, devices).run(shown::step);
    }
    written.say(terminal, out);
    return ExitCode.OK;
  }

  /// What can be trained.
  enum Curriculum {
    demo,
    think;

    Recipe recipe(long seed) {
      return switch (this) {
        case demo -> Recipe.standard(seed);
        case think -> Recipe.thinking(seed);
      };
    }
  }

  /// Shows each phase of the training as a task of its own. Changed by every step.
  private static final class Phases implements AutoCloseable {
    private final Progress progress;
    private @Nullable Task task;
    private String phase = "";
    private int done;

    Phases(Progress progress) {
      this.progress = progress;
    }

    void step(Step step) {
      var current = task;
      if (current == null || !step.phase().equals(phase)) {
        close();
        phase = step.phase();
        done = 0;
        current = progress.start("train " + phase, step.of());
        task = current;
      }
      current.advance(step.done() - done);
      done = step.done();
    }

    @Override
    public void close() {
      if (task != null) {
        task.close();
        task = null;
      }
    }
  }
}
