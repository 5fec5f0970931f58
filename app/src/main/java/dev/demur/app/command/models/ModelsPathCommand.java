package dev.demur.app.command.models;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.model.hub.HubReference;
import dev.demur.model.hub.HubSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `demur models path`.
@Command(
    name = "path",
    mixinStandardHelpOptions = true,
    description = "Print the folder of a model in the hub cache.")
final class ModelsPathCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "org/name or org/name@revision.")
  private String model = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ModelsPathCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var reference = HubReference.parse(model);
    Path folder = snapshot(reference);
    if (json) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("model", reference.id().toString());
      facts.put("revision", reference.revision());
      facts.put("commit", String.valueOf(folder.getFileName()));
      facts.put("path", folder.toString());
      terminal.out().println(JsonMapper.shared().writeValueAsString(facts));
    } else {
      terminal.out().println(folder);
    }
    return ExitCode.OK;
  }

  /// The folder in the cache the environment names.
  static Path snapshot(HubReference reference) throws IOException {
    return HubSettings.ofEnvironment().cache().snapshot(reference.id(), reference.revision());
  }
}
