package dev.demur.app.command.data;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.Fetching;
import dev.demur.lab.data.DataStore;
import dev.demur.lab.data.Dataset;
import dev.demur.lab.data.Datasets;
import dev.demur.lab.data.Source;
import dev.demur.lab.data.StoredFile;
import dev.demur.lab.data.StoredFile.State;
import dev.demur.lab.rows.DataFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// `demur data …`.
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Fetch published evaluation sets, and check them.",
      "",
      "Content note: these prompts describe harm. They are for measuring, not for training.",
      ""
    },
    footer = {
      "",
      "Files go to DEMUR_DATA_HOME, else to demur/data in the user's cache folder.",
      "",
      "Example:",
      "  demur data pull refusal-direction",
      "  demur study MODEL --data refusal-direction"
    })
public final class DataCommand implements Runnable {

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public DataCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// `demur data pull`.
  @Command(
      name = "pull",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Fetch sets from where their authors keep them, and print their folders.",
        "",
        "A file must have the hash that this version knows. Where it knows none, it records the"
            + " hash of the first file and expects it from then on.",
        ""
      })
  int pull(
      @Parameters(
              paramLabel = "NAME",
              arity = "1..*",
              description = "Names as demur data list shows them.")
          List<String> names,
      @Option(
              names = "--from",
              paramLabel = "DIR",
              description = "Take the files from a folder instead of the network.")
          @Nullable Path from,
      @Option(names = "--json", description = "Print what came as JSON.") boolean json)
      throws IOException {
    var fetching = Fetching.ofEnvironment(terminal);
    var store = fetching.store();
    var facts = new ArrayList<Map<String, Object>>();
    for (var set : sets(names)) {
      var files = fetching.pull(set, Optional.ofNullable(from));
      if (json) {
        facts.add(facts(store, set, files));
      } else {
        terminal.out().println(store.folder(set));
      }
    }
    if (json) {
      terminal.out().println(JsonMapper.shared().writeValueAsString(facts));
    }
    return ExitCode.OK;
  }

  /// `demur data list`.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the sets this version knows, their licences, and what of them is here.")
  int list(@Option(names = "--json", description = "Print JSON.") boolean json) {
    var store = DataStore.ofEnvironment();
    if (json) {
      var facts = Datasets.all().stream().map(set -> facts(store, set, store.list(set))).toList();
      terminal.out().println(JsonMapper.shared().writeValueAsString(facts));
      return ExitCode.OK;
    }
    for (var set : Datasets.all()) {
      var files = store.list(set);
      long here = files.stream().filter(file -> file.state() != State.ABSENT).count();
      terminal
          .out()
          .printf(
              "%-18s  %s%n%20s%s; licence: %s%n%20sholds %s%n",
              set.name(),
              set.title(),
              "",
              presence(here, files.size()),
              set.licence(),
              "",
              set.note());
    }
    return ExitCode.OK;
  }

  private static String presence(long here, int all) {
    if (here == 0) {
      return "not here";
    }
    return here == all ? "here" : here + " of " + all + " files here";
  }

  /// `demur data verify`.
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Compute the hashes of the sets that are here anew.",
        "",
        "Needs no network. Ends with exit code 2 when a file is not what was published.",
        ""
      })
  int verify(
      @Parameters(
              paramLabel = "NAME",
              arity = "0..*",
              description = "Sets to check (default: all that are here).")
          @Nullable List<String> names,
      @Option(names = "--json", description = "Print JSON.") boolean json)
      throws IOException {
    var store = DataStore.ofEnvironment();
    var facts = new ArrayList<Map<String, Object>>();
    long damaged = 0;
    for (var set : names == null || names.isEmpty() ? here(store) : sets(names)) {
      var files = store.verify(set);
      damaged += files.stream().filter(file -> file.state() == State.DAMAGED).count();
      facts.add(facts(store, set, files));
      if (!json) {
        files.forEach(file -> print(set, file));
      }
    }
    if (json) {
      terminal.out().println(JsonMapper.shared().writeValueAsString(facts));
    } else if (facts.isEmpty()) {
      terminal.say("no set in " + store.root() + "; fetch one with demur data pull NAME");
    }
    if (damaged > 0) {
      throw new DataFormatException(
          store.root(), damaged + " files are not what was published, see the list");
    }
    return ExitCode.OK;
  }

  private void print(Dataset set, StoredFile file) {
    terminal
        .out()
        .printf(
            "%-8s  %s/%s%s%n",
            file.state().text(),
            set.name(),
            file.file().name(),
            file.detail().isEmpty() ? "" : ": " + file.detail());
  }

  private static List<Dataset> here(DataStore store) {
    return Datasets.all().stream()
        .filter(set -> store.list(set).stream().anyMatch(f -> f.state() != State.ABSENT))
        .toList();
  }

  private static List<Dataset> sets(List<String> names) {
    return names.stream().map(Datasets::named).toList();
  }

  private static Map<String, Object> facts(DataStore store, Dataset set, List<StoredFile> files) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("name", set.name());
    facts.put("title", set.title());
    facts.put("home", set.home());
    facts.put("licence", set.licence());
    facts.put("note", set.note());
    facts.put("folder", store.folder(set).toString());
    facts.put("files", files.stream().map(DataCommand::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(StoredFile file) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("name", file.file().name());
    facts.put("path", file.path().toString());
    facts.put("state", file.state().text());
    facts.put(
        "source",
        switch (file.file().source()) {
          case Source.Web(var address) -> address.toString();
          case Source.ByHand(var how) -> how;
        });
    if (!file.sha256().isEmpty()) {
      facts.put("sha256", file.sha256());
    }
    if (!file.detail().isEmpty()) {
      facts.put("detail", file.detail());
    }
    return facts;
  }
}
