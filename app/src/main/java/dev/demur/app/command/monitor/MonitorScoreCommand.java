package dev.demur.app.command.monitor;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.monitor.Monitor;
import dev.demur.lab.monitor.MonitorReading;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `demur monitor score`.
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Score prompts with a monitor.",
      "",
      "Prints one line for each prompt. With --fail, exits with 3 when one raises an alarm.",
      ""
    })
final class MonitorScoreCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model it was trained on.")
  private String model = "";

  @Parameters(index = "1", paramLabel = "MONITOR", description = "Monitor file.")
  private Path monitor = Path.of("");

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source = new Source();

  /// One of the two.
  private static final class Source {

    @Option(
        names = {"-p", "--prompt"},
        paramLabel = "TEXT",
        description = "Score this prompt.")
    private @Nullable String prompt;

    @Option(names = "--prompts", paramLabel = "FILE", description = "Score the prompts of a file.")
    private @Nullable Path prompts;
  }

  @Option(names = "--fail", description = "Exit with 3 when any prompt raises an alarm.")
  private boolean fail;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();

  MonitorScoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var instructions = instructions();
    var trained = Monitor.read(monitor);
    boolean alarmed = false;
    try (var chat = options.open(model, terminal);
        var _ = Scope.open()) {
      trained
          .doubt(chat.name(), chat.files().weightsHash())
          .ifPresent(doubt -> terminal.say("warning: " + doubt));
      var working = trained.on(chat);
      for (String instruction : instructions) {
        Prompt prompt = chat.prompt(instruction);
        try (var _ = Scope.open()) {
          var watch = working.watch(List.of(prompt));
          chat.forward().run(List.of(prompt.tokens()), watch.probes());
          var reading = watch.readings().getFirst();
          alarmed |= !reading.alarms().isEmpty();
          terminal.out().println(json ? json(instruction, reading) : line(instruction, reading));
        }
      }
    }
    return alarmed && fail ? ExitCode.CONDITION_MET : ExitCode.OK;
  }

  private List<String> instructions() throws IOException {
    if (source.prompts != null) {
      return PromptReader.usual().read(source.prompts).instructions();
    }
    if (source.prompt == null || source.prompt.isBlank()) {
      throw new IllegalArgumentException("the prompt is empty; give one with -p or --prompts");
    }
    return List.of(source.prompt);
  }

  private static String line(String instruction, MonitorReading reading) {
    return String.format(
        Locale.ROOT,
        "%-26s harmfulness %8.2f  refusal %8.2f  heads %7.2f  attention %3.0f %%  %s%s",
        reading.alarms().isEmpty() ? "-" : alarms(reading).getLast(),
        reading.harmfulness(),
        reading.refusal(),
        reading.written(),
        100 * reading.attention(),
        reading.length().warning().map(words -> words + ": ").orElse(""),
        instruction.replaceAll("\\s+", " "));
  }

  /// The mildest first.
  private static List<String> alarms(MonitorReading reading) {
    return reading.alarms().stream()
        .sorted()
        .map(alarm -> alarm.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toList());
  }

  private static String json(String instruction, MonitorReading reading) {
    var all = new LinkedHashMap<String, Object>();
    all.put("prompt", instruction);
    all.put("alarms", alarms(reading));
    all.put("harmfulness", reading.harmfulness());
    all.put("refusal", reading.refusal());
    all.put("heads_written", reading.written());
    all.put("heads_attention", reading.attention());
    all.put("tokens", reading.length().tokens());
    all.put("beyond_calibration", reading.length().isBeyondCalibration());
    return JsonMapper.shared().writeValueAsString(all);
  }
}
