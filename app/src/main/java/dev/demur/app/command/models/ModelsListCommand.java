package dev.demur.app.command.models;

import dev.demur.app.cli.ByteCount;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.model.hub.CachedModel;
import dev.demur.model.hub.CachedModels;
import dev.demur.model.hub.CachedRevision;
import dev.demur.model.hub.HubSettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `demur models list`.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the models in the hub cache, whoever fetched them.")
final class ModelsListCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ModelsListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var cache = HubSettings.ofEnvironment().cache();
    var models = CachedModels.list(cache);
    if (json) {
      terminal
          .out()
          .println(
              JsonMapper.shared()
                  .writeValueAsString(models.stream().map(ModelsListCommand::facts).toList()));
      return ExitCode.OK;
    }
    if (models.isEmpty()) {
      terminal.say("no models in " + cache.root() + "; fetch one with demur models pull org/name");
    }
    models.forEach(this::print);
    return ExitCode.OK;
  }

  private void print(CachedModel model) {
    terminal
        .out()
        .printf(
            "%s  %s%s%n",
            model.name(),
            ByteCount.spoken(model.bytes()),
            model.unfinished() == 0 ? "" : ", " + model.unfinished() + " unfinished");
    for (var revision : model.revisions()) {
      terminal
          .out()
          .printf(
              "  %-12.12s  %3d files  %7s  %s%n",
              revision.commit(),
              revision.files(),
              ByteCount.spoken(revision.bytes()),
              String.join(", ", revision.refs()));
    }
  }

  private static Map<String, Object> facts(CachedModel model) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("model", model.name());
    facts.put("bytes", model.bytes());
    facts.put("unfinished", model.unfinished());
    facts.put("revisions", revisions(model.revisions()));
    return facts;
  }

  private static List<Map<String, Object>> revisions(List<CachedRevision> revisions) {
    return revisions.stream()
        .map(
            revision -> {
              var facts = new LinkedHashMap<String, Object>();
              facts.put("commit", revision.commit());
              facts.put("refs", revision.refs());
              facts.put("files", revision.files());
              facts.put("bytes", revision.bytes());
              facts.put("path", revision.folder().toString());
              return (Map<String, Object>) facts;
            })
        .toList();
  }
}
