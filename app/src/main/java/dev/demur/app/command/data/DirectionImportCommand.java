package dev.demur.app.command.data;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Version;
import dev.demur.app.option.WrittenOptions;
import dev.demur.lab.Sha256;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.DirectionImport;
import dev.demur.lab.direction.ImportRequest;
import dev.demur.lab.direction.LayerNumbering;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.ModelLocator;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur direction import`.
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Write another tool's direction as a direction file of Demur.",
      "",
      "Reads direction.pt and mean_diffs.pt of the released code, control vectors of repeng and"
          + " llama.cpp (GGUF), and safetensors or PyTorch files with a vector [d_model], a row per"
          + " layer [layer, d_model] or a grid [pos, layer, d_model]. Such files disagree on"
          + " operation, site and layer numbering: give here what FILE does not say.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  demur direction import vector.gguf --operation addition --site resid_post \\",
      "      --numbering from-0 --layer 14 --out direction.safetensors"
    })
final class DirectionImportCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The file: .pt, .bin, .gguf or .safetensors.")
  private Path file = Path.of("");

  @Option(
      names = "--operation",
      paramLabel = "OPERATION",
      description = "What it is for: ablation, addition, or both separated by a comma.")
  private @Nullable String operation;

  @Option(
      names = "--site",
      paramLabel = "SITE",
      description = "Where in a block it was read and is added, such as resid_pre or resid_post.")
  private @Nullable String site;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description = "The layer: the file's own number where it has one, else counted from 0.")
  private @Nullable Integer layer;

  @Option(
      names = "--numbering",
      paramLabel = "NUMBERING",
      description =
          "The number a control vector's file gives the first block: from-0 or from-1 (repeng "
              + "numbers from 0).")
  private @Nullable String numbering;

  @Option(
      names = "--position",
      paramLabel = "P",
      description =
          "Token position it was read at, from the end: chooses a row of a grid;"
              + " otherwise only recorded (default: -1).")
  private @Nullable Integer position;

  @Option(
      names = "--tensor",
      paramLabel = "NAME",
      description = "Which tensor, when the file holds several.")
  private @Nullable String tensor;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "The model it was found in; its name and hashes are recorded.")
  private @Nullable String model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Direction file to write, such as direction.safetensors.")
  private Path out = Path.of("");

  @Mixin private WrittenOptions written = new WrittenOptions();

  DirectionImportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    try (var _ = Scope.open()) {
      var imported = DirectionImport.read(file, request());
      new DirectionFile(
              imported.direction(),
              imported.operations(),
              provenance(imported.model().orElse(Provenance.UNKNOWN)))
          .write(out);
      var found = imported.direction();
      written.say(
          terminal,
          out,
          out.toString(),
          Map.of(
              "d_model", found.dModel(),
              "site", found.source().site().text(),
              "layer", found.source().layer(),
              "position", found.position(),
              "norm", found.norm(),
              "operations", imported.operations()));
    }
    return ExitCode.OK;
  }

  private ImportRequest request() {
    return new ImportRequest(
        Optional.ofNullable(operation).map(Operation::parse).orElse(Set.of()),
        Optional.ofNullable(site).map(Site::parse),
        layer == null ? OptionalInt.empty() : OptionalInt.of(layer),
        Optional.ofNullable(numbering).map(LayerNumbering::parse),
        position == null ? OptionalInt.empty() : OptionalInt.of(position),
        Optional.ofNullable(tensor));
  }

  private Provenance provenance(String named) throws IOException {
    if (model == null) {
      return new Provenance(named, Provenance.UNKNOWN, Provenance.UNKNOWN, Version.tool());
    }
    try (var files = ModelLocator.ofEnvironment().open(model)) {
      return new Provenance(
          files.name(),
          files.weightsHash(),
          Sha256.ofText(files.chatTemplate().orElse("")),
          Version.tool());
    }
  }
}
