package dev.demur.app.command.chat;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Terminal.Channel;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.SteeringOptions;
import dev.demur.model.SteeredModel;
import dev.demur.model.generate.Sampler;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.ChatMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
      "Without -p: a conversation, one line a turn, until end of input (Ctrl-D). Text piped into",
      "standard input is one prompt.",
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

  @Mixin private ModelOptions options = new ModelOptions();
  @Mixin private SteeringOptions steering = new SteeringOptions();

  public ChatCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var sampler = sampler();
    try (var chat = options.openForOneSequence(model, terminal);
        var _ = Scope.open()) {
      var steered = chat.with(steering.on(chat, terminal)).upTo(maxNewTokens).sampling(sampler);
      var talk = new Talk(steered);
      var once = oneShot();
      if (once.isPresent()) {
        talk.answer(once.get());
      } else {
        converse(talk);
      }
    }
    return ExitCode.OK;
  }

  private Sampler sampler() {
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

  private void converse(Talk talk) throws IOException {
    while (true) {
      terminal.err().print("> ");
      terminal.err().flush();
      String line = terminal.in().readLine();
      if (line == null) {
        terminal.err().println();
        return;
      }
      if (!line.isBlank()) {
        talk.answer(line);
      }
    }
  }

  /// One conversation. Changed by every answer.
  private final class Talk {
    private final SteeredModel chat;
    private final List<ChatMessage> messages = new ArrayList<>();

    Talk(SteeredModel chat) {
      this.chat = chat;
      if (system != null) {
        messages.add(ChatMessage.system(system));
      }
    }

    /// Streams the answer to one message and remembers both.
    void answer(String message) {
      messages.add(ChatMessage.user(message));
      var out = terminal.out();
      var reply =
          chat.chat(
              messages,
              piece -> {
                out.print(piece);
                out.flush();
                return !out.checkError(); // a reader that went away ends the answer
              });
      out.println();
      messages.add(ChatMessage.assistant(reply.text()));
    }
  }
}
