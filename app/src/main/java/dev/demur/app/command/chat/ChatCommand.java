package dev.demur.app.command.chat;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Terminal.Channel;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.SteeringOptions;
import dev.demur.model.generate.Sampler;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur chat`.
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    description = {
      "Talk to a model, steered or not.",
      "",
      "Without -p: a conversation, one line a turn, until end of input (Ctrl-D); /help lists its"
          + " commands. Text piped into standard input is one prompt.",
      ""
    })
public final class ChatCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, or org/name.")
  private String model = "";

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "Answer this and stop.")
  private @Nullable String prompt;

  @Option(names = "--system", paramLabel = "TEXT", description = "System message.")
  private @Nullable String system;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "512",
      description = "Longest answer (default: 512).")
  private int maxNewTokens = 512;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "0 takes the likeliest token (default: 0).")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description =
          "With a temperature: sample from the likeliest tokens that hold this"
              + " probability (default: 1).")
  private double topP = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Seed of the sampling (default: 42).")
  private long seed = 42;

  @Option(
      names = "--json",
      description = "Print every answer as a line of JSON, when it is finished.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();
  @Mixin private SteeringOptions steering = new SteeringOptions();

  public ChatCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var sampler = sampler();
    var answers = new Answers(terminal, json ? Answers.Form.JSON : Answers.Form.TEXT);
    try (var chat = options.openForOneSequence(model, terminal);
        var _ = Scope.open()) {
      var talk =
          new Conversation(
              chat,
              steered -> steered.upTo(maxNewTokens).sampling(sampler),
              steering.on(chat, terminal),
              Optional.ofNullable(system));
      var once = oneShot();
      if (once.isPresent()) {
        answers.answer(talk, once.get(), () -> true);
      } else {
        new Dialogue(terminal, talk, answers).run();
      }
    }
    return ExitCode.OK;
  }

  private Sampler sampler() {
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("--max-new-tokens must be >= 1, was " + maxNewTokens);
    }
    if (temperature < 0) {
      throw new IllegalArgumentException("--temperature must be >= 0, was " + temperature);
    }
    return temperature == 0 ? new Sampler.Greedy() : new Sampler.Nucleus(temperature, topP, seed);
  }

  /// What -p or a pipe asks.
  private Optional<String> oneShot() {
    if (prompt != null) {
      return Optional.of(requireText(prompt));
    }
    return terminal.isInteractive(Channel.IN)
        ? Optional.empty()
        : Optional.of(requireText(terminal.in().lines().collect(Collectors.joining("\n"))));
  }

  private static String requireText(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "the prompt is empty; give one with -p or on standard input");
    }
    return text;
  }
}
