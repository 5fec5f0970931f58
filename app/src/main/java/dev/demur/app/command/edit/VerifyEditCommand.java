package dev.demur.app.command.edit;

import dev.demur.app.cli.PrintedJson;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.DirectionArgument;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.edit.EditCheck.Settings;
import dev.demur.lab.edit.EditRecord;
import dev.demur.lab.edit.EditRequest.DirectionOrigin;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.ModelLocator;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.gguf.GgufFile;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur verify-edit`.
@Command(
    name = "verify-edit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compare an edited model with hooks on its source.",
      "",
      "Reads from the edited model what was done to it. Exits with 3 when the two differ where they"
          + " must not.",
      ""
    })
public final class VerifyEditCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The source model.")
  private String model = "";

  @Parameters(index = "1", paramLabel = "EDITED", description = "What demur edit made of it.")
  private String edited = "";

  @Option(
      names = "--direction",
      required = true,
      paramLabel = "DIRECTION",
      description = "The direction it was edited with: its file, or the run folder it is in.")
  private Path direction = Path.of("");

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description =
          "Text (a prompt a line), JSON list, JSONL, CSV, TSV or Parquet (default: a few neutral"
              + " ones).")
  private @Nullable Path prompts;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "24",
      description = "Length of the greedy continuations (default: 24).")
  private int maxNewTokens = 24;

  @Mixin private ModelOptions options = new ModelOptions();

  @Option(names = "--json", description = "Print the comparison as JSON.")
  private boolean json;

  public VerifyEditCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    options.requireNoAdapter("the comparison of an edit");
    var texts =
        prompts == null
            ? Verification.neutral().prompts()
            : PromptReader.usual().read(prompts).instructions();
    try (var _ = Scope.open()) {
      var stored = new DirectionArgument(direction).read();
      var record = record();
      var origin = DirectionOrigin.of(stored.path(), stored.file());
      if (!record.directionSha256().equals(origin.sha256())) {
        terminal.say("warning: " + edited + " was edited with another direction file");
      }
      WeightEdit edit = record.edit(stored.file().direction());
      var verification = new Verification(terminal, options);
      if (!json) {
        terminal.out().println(record.operation());
      }
      var check = verification.run(model, edited, edit, record, new Settings(texts, maxNewTokens));
      if (json) {
        terminal.out().print(PrintedJson.of(Verification.facts(check)));
      } else {
        verification.say(check, edit);
      }
      return verification.exitCode(check);
    }
  }

  private EditRecord record() throws IOException {
    try (var files = ModelLocator.ofEnvironment().open(edited)) {
      return switch (files) {
        case HuggingFaceFolder folder -> {
          Path file = folder.folder().resolve(EditRecord.FILE);
          if (!Files.exists(file)) {
            throw new ModelFormatException(
                folder.folder(), "holds no " + EditRecord.FILE + "; demur edit did not make it");
          }
          yield EditRecord.read(file);
        }
        case GgufFile gguf -> {
          var file = gguf.parts().getFirst();
          yield EditRecord.parse(
              file.path(),
              file.metadata()
                  .string(EditRecord.KEY)
                  .orElseThrow(
                      () ->
                          new ModelFormatException(
                              file.path(),
                              "has no metadata "
                                  + EditRecord.KEY
                                  + "; demur edit did not make it")));
        }
        default -> throw new IllegalStateException("files of an unknown kind: " + files);
      };
    }
  }
}
