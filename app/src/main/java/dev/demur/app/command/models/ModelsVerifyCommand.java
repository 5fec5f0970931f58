package dev.demur.app.command.models;

import dev.demur.app.cli.ByteCount;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TransferProgress;
import dev.demur.lab.run.Progress;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.hub.CheckedFile;
import dev.demur.model.hub.HubReference;
import dev.demur.model.hub.SnapshotCheck;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `demur models verify`.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compute the checksums of a model in the hub cache anew.",
      "",
      "Needs no network. Ends with exit code 2 when a file is damaged or missing.",
      ""
    })
final class ModelsVerifyCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "org/name or org/name@revision.")
  private String model = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ModelsVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var folder = ModelsPathCommand.snapshot(HubReference.parse(model));
    var checked = SnapshotCheck.of(folder, new TransferProgress(terminal, Progress.silent()));
    print(terminal, checked, json ? Form.JSON : Form.TEXT);
    long bad = checked.stream().filter(file -> file.verdict().isBad()).count();
    if (bad > 0) {
      throw new ModelFormatException(
          folder, bad + " of " + checked.size() + " files are damaged or missing, see the list");
    }
    return ExitCode.OK;
  }

  /// How a check is printed.
  enum Form {
    TEXT,
    JSON
  }

  /// Prints one line, or one object, for each file.
  static void print(Terminal terminal, List<CheckedFile> checked, Form form) {
    switch (form) {
      case JSON ->
          terminal
              .out()
              .println(
                  JsonMapper.shared()
                      .writeValueAsString(
                          checked.stream().map(ModelsVerifyCommand::facts).toList()));
      case TEXT -> checked.forEach(file -> terminal.out().println(line(file)));
    }
  }

  private static String line(CheckedFile file) {
    return "%-10s %s (%s)%s"
        .formatted(
            file.verdict().text(),
            file.path(),
            ByteCount.spoken(file.bytes()),
            file.detail().isEmpty() ? "" : ": " + file.detail());
  }

  private static Map<String, Object> facts(CheckedFile file) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("file", file.path());
    facts.put("bytes", file.bytes());
    facts.put("verdict", file.verdict().text());
    facts.put("detail", file.detail());
    return facts;
  }
}
