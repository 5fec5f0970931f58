package dev.demur.app.command.serve;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.ModelOptions;
import dev.demur.serve.Server;
import dev.demur.serve.ServerSettings;
import dev.demur.serve.meter.Event;
import dev.demur.toy.DemoModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `demur serve`.
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Serve a model to OpenAI's and Ollama's clients, edited and watched as each request asks.",
      "",
      "A request names a policy, directions to read along and whether the unedited answer is wanted"
          + " too, in its field demur. docs/serve.md says how. Without MODEL it serves the embedded"
          + " model. It listens on this machine alone unless told otherwise, reads no file a client"
          + " names, and logs no text.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  demur serve",
      "  demur serve model.gguf --directions runs --policy calm=\"add -0.5 r\"",
      "  curl localhost:8080/v1/chat/completions -d \\",
      "    '{\"messages\": [{\"role\": \"user\", \"content\": \"How do I sneak out?\"}],",
      "      \"demur\": {\"policy\": \"ablate r\"}}'"
    })
public final class ServeCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      defaultValue = DemoModel.USUAL,
      description = "Folder, GGUF file, org/name, or demo (default: demo).")
  private String model = DemoModel.USUAL;

  @Mixin private ListenOptions listen = new ListenOptions();

  @Option(
      names = "--directions",
      paramLabel = "DIR",
      description =
          "Folder with the directions requests can name: each NAME.safetensors a direction, each"
              + " NAME/ the run folder of a study; prompts/ has the sets of trials. The embedded"
              + " model has its own, r.")
  private @Nullable Path directions;

  @Option(
      names = "--policy",
      paramLabel = "NAME=LINE",
      description =
          "Let clients ask for the model under a policy, as MODEL:NAME; may be repeated."
              + " MODEL:ablated is there wherever a direction is called r.")
  private Map<String, String> policies = new LinkedHashMap<>();

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "16",
      description = "Answers written at once (default: 16).")
  private int slots = 16;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "64",
      description = "Requests that may wait for a slot; more are told to come back (default: 64).")
  private int queue = 64;

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "4096",
      description =
          "Tokens of a prompt and its answer; memory for all slots is taken at once (default: 4096,"
              + " or the model's own if that is less).")
  private int context = 4096;

  @Option(
      names = "--studies",
      paramLabel = "DIR",
      description =
          "Let clients start studies and trials of the model; their run folders go here. Without it"
              + " they cannot.")
  private @Nullable Path studies;

  @Option(
      names = "--mcp",
      description =
          "Let assistants call explain, score and audit over the Model Context Protocol, at /mcp.")
  private boolean mcp;

  @Mixin private GuardOptions guarding = new GuardOptions();
  @Mixin private ModelOptions options = new ModelOptions();

  public ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var settings =
        new ServerSettings(
            listen.settings(),
            slots,
            queue,
            context,
            Optional.ofNullable(directions),
            policies,
            guarding.settings(),
            Optional.ofNullable(studies),
            mcp ? ServerSettings.Tools.MCP : ServerSettings.Tools.NONE);
    quietWebServer();
    try (var chat = options.open(model, terminal);
        var server = Server.open(chat, settings, this::tell)) {
      terminal.note(
          "serving "
              + String.join(", ", server.modelNames())
              + " at "
              + listen.url(server.port())
              + "; Ctrl-C ends");
      new Lifetime(server).await();
    }
    return ExitCode.OK;
  }

  /// One line of JSON.
  private void tell(Event event) {
    var line = new LinkedHashMap<String, Object>();
    line.put("event", event.event());
    line.putAll(event.facts());
    terminal.say(JsonMapper.shared().writeValueAsString(line));
  }

  /// What the web server says of its own start and end is not what a user asked for.
  private static void quietWebServer() throws IOException {
    String levels =
        """
        handlers = java.util.logging.ConsoleHandler
        .level = INFO
        io.helidon.level = WARNING
        """;
    LogManager.getLogManager()
        .updateConfiguration(
            new ByteArrayInputStream(levels.getBytes(StandardCharsets.ISO_8859_1)),
            _ -> (_, set) -> set);
  }
}
