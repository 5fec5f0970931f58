package dev.demur.app.command.models;

import dev.demur.app.cli.ByteCount;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Interruption;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TransferProgress;
import dev.demur.lab.run.Progress;
import dev.demur.model.hub.FileSelection;
import dev.demur.model.hub.HubClient;
import dev.demur.model.hub.HubReference;
import dev.demur.model.hub.HubSettings;
import dev.demur.model.hub.Pulled;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `demur models pull`.
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fetch a model from the hub.",
      "",
      "Files go to the cache of huggingface_hub, so each program finds what the other fetched."
          + " Prints the folder. If it is stopped, the same command continues where it stopped."
          + " Obeys HF_TOKEN, HF_ENDPOINT, HF_HOME, HF_HUB_CACHE and HF_HUB_OFFLINE.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  demur models pull Qwen/Qwen2.5-0.5B-Instruct",
      "  demur models pull org/name@v1.0 --include '*Q4_K_M.gguf'"
    })
final class ModelsPullCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "MODEL",
      description = "org/name or org/name@revision: a branch, a tag or a commit.")
  private String model = "";

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      arity = "1..*",
      description =
          "Fetch files that match, and no others (default: configuration, tokenizer, template, and"
              + " safetensors, else pytorch_model.bin, else the one GGUF model).")
  private List<String> include = List.of();

  @Option(names = "--json", description = "Print what was fetched as JSON.")
  private boolean json;

  ModelsPullCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var reference = HubReference.parse(model);
    var settings = HubSettings.ofEnvironment();
    var selection =
        include.isEmpty() ? new FileSelection.Needed() : new FileSelection.Matching(include);
    try (var watch =
        Interruption.watch(
            terminal, "What arrived is kept; the same command continues from there.")) {
      var progress = new TransferProgress(terminal, watch.counting(Progress.silent()));
      show(HubClient.of(settings, progress).pull(reference, selection), settings);
    }
    return ExitCode.OK;
  }

  private void show(Pulled pulled, HubSettings settings) {
    if (json) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("model", pulled.reference().id().toString());
      facts.put("revision", pulled.reference().revision());
      facts.put("commit", pulled.commit());
      facts.put("path", pulled.folder().toString());
      facts.put("files", pulled.files());
      facts.put("bytes", pulled.bytes());
      facts.put("fetched", pulled.fetched());
      terminal.out().println(JsonMapper.shared().writeValueAsString(facts));
      return;
    }
    terminal.note(
        "%s is commit %s: %d files, %s; %s"
            .formatted(
                pulled.reference(),
                pulled.commit().substring(0, 12),
                pulled.files().size(),
                ByteCount.spoken(pulled.bytes()),
                news(pulled, settings)));
    terminal.out().println(pulled.folder());
  }

  private static String news(Pulled pulled, HubSettings settings) {
    return switch (settings.access()) {
      case OFFLINE -> "offline, not compared with the hub";
      case ONLINE -> pulled.fetched() == 0 ? "all here already" : pulled.fetched() + " fetched now";
    };
  }
}
