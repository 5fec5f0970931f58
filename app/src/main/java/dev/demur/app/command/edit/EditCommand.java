package dev.demur.app.command.edit;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.cli.Version;
import dev.demur.app.option.DirectionArgument;
import dev.demur.app.option.EditOptions;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.WrittenOptions;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.edit.ControlVector;
import dev.demur.lab.edit.EditCheck;
import dev.demur.lab.edit.EditRequest;
import dev.demur.lab.edit.EditRequest.DirectionOrigin;
import dev.demur.lab.edit.EditResult;
import dev.demur.lab.edit.FolderEditor;
import dev.demur.lab.edit.GgufEditor;
import dev.demur.lab.edit.LoraAdapter;
import dev.demur.lab.edit.Storing;
import dev.demur.lab.edit.Tying;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.gguf.GgufFile;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `demur edit`.
@Command(
    name = "edit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Write an intervention into a model's weights.",
      "",
      "Removes the direction from everything that writes to the residual stream, in float32, and"
          + " keeps the type the weights have on disk. A folder becomes a folder that transformers"
          + " loads, a GGUF file a GGUF file. At the end the result is compared with hooks on the"
          + " source.",
      ""
    },
    footer = {"", "Example:", "  demur edit org/name --direction runs/name -o name-edited"})
public final class EditCommand implements Callable<Integer> {

  /// What is written.
  enum Form {
    CHECKPOINT,
    LORA,
    CONTROL_VECTOR,
    DIRECTION
  }

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, or org/name.")
  private String model = "";

  @Option(
      names = "--direction",
      required = true,
      paramLabel = "DIRECTION",
      description = "A direction.safetensors, or the run folder it is in.")
  private Path direction = Path.of("");

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "OUT",
      description = "Folder or file to write; it must not exist.")
  private Path out = Path.of("");

  @Option(
      names = "--as",
      paramLabel = "FORM",
      defaultValue = "checkpoint",
      converter = FormName.class,
      description = {
        "checkpoint: the whole model, edited (default). lora: a PEFT adapter of rank 1."
            + " control-vector: a GGUF for llama.cpp, which adds it and cannot project. direction:"
            + " the direction's own file."
      })
  private Form form = Form.CHECKPOINT;

  @ArgGroup(exclusive = false, heading = "%nThe edit:%n", order = 1)
  private EditOptions edit = new EditOptions();

  @Option(
      names = "--keep-tied",
      description =
          "Leave the unembedding tied to the embedding, so that it is edited with it (default: "
              + "write it as a tensor of its own, unchanged).")
  private boolean keepTied;

  @Option(
      names = "--store",
      paramLabel = "TYPE",
      defaultValue = "same",
      converter = StoringName.class,
      description =
          "Type of edited GGUF tensors whose own type cannot be written (K-quants, Q4_1, …): bf16, "
              + "f16, f32 or q8_0 (default: such files are refused).")
  private Storing storing = Storing.SAME;

  @Option(names = "--no-verify", description = "Do not compare the result with hooks.")
  private boolean noVerify;

  @Mixin private WrittenOptions written = new WrittenOptions();
  @Mixin private ModelOptions options = new ModelOptions();

  public EditCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    options.requireNoAdapter("an edit");
    if (storing != Storing.SAME && form != Form.CHECKPOINT) {
      throw new IllegalArgumentException("--store is about an edited GGUF file, not about --as");
    }
    try (var _ = Scope.open();
        var files = ModelLocator.ofEnvironment().open(model)) {
      var stored = new DirectionArgument(direction).read();
      stored.file().requireFor(operation());
      var shape = Writers.of(files).config();
      stored.file().requireFits(files.name(), shape.dModel(), shape.nLayers());
      stored
          .file()
          .doubt(files.name(), files.weightsHash())
          .ifPresent(doubt -> terminal.say("warning: " + doubt));
      return write(files, stored);
    }
  }

  private Operation operation() {
    return edit.isAddition() || form == Form.CONTROL_VECTOR
        ? Operation.ADDITION
        : Operation.ABLATION;
  }

  private int write(ModelFiles files, DirectionArgument.Stored stored) throws IOException {
    return switch (form) {
      case CHECKPOINT -> checkpoint(files, stored);
      case LORA -> adapter(files, stored);
      case CONTROL_VECTOR -> controlVector(files, stored.file());
      case DIRECTION -> {
        stored.file().write(out);
        written.say(terminal, out);
        yield ExitCode.OK;
      }
    };
  }

  private EditRequest request(DirectionArgument.Stored stored) throws IOException {
    var found = stored.file().direction();
    var origin = DirectionOrigin.of(stored.path(), stored.file());
    var prompts = edit.baseline();
    if (prompts.isPresent()) {
      var mean = mean(found, prompts.get());
      found = found.without(mean);
      origin = origin.without(mean);
    }
    return new EditRequest(
        edit.of(found), keepTied ? Tying.KEEP : Tying.UNTIE, storing, origin, Version.tool());
  }

  /// The mean of harmless prompts where a direction was read.
  private Tensor mean(Direction direction, Path prompts) throws IOException {
    var instructions = PromptReader.usual().read(prompts).instructions();
    try (var chat = options.open(model, terminal)) {
      return Direction.mean(chat, instructions, direction.source(), direction.position());
    }
  }

  private int checkpoint(ModelFiles files, DirectionArgument.Stored stored) throws IOException {
    var request = request(stored);
    var progress = new TerminalProgress(terminal);
    var result =
        switch (files) {
          case HuggingFaceFolder folder -> FolderEditor.write(folder, request, out, progress);
          case GgufFile gguf -> GgufEditor.write(gguf, request, out, progress);
          default -> throw new IllegalStateException("files of an unknown kind: " + files);
        };
    var facts = new LinkedHashMap<String, Object>();
    facts.put("operation", result.record().operation());
    facts.put("changed_tensors", result.changed());
    facts.put("copied_tensors", result.copied());
    if (!written.isJson()) {
      written.say(terminal, result.out(), text(result), facts);
    }
    var verification = new Verification(terminal, options);
    var check =
        noVerify
            ? Optional.<EditCheck>empty()
            : Optional.of(
                verification.run(
                    model,
                    out.toString(),
                    request.edit(),
                    result.record(),
                    Verification.neutral()));
    if (written.isJson()) {
      facts.put("verification", check.map(Verification::facts));
      written.say(terminal, result.out(), "", facts);
    } else {
      check.ifPresent(c -> verification.say(c, request.edit()));
    }
    return check.map(verification::exitCode).orElse(ExitCode.OK);
  }

  private static String text(EditResult result) {
    return String.format(
        Locale.ROOT,
        "%s%n%s; %d tensors changed, %d copied byte for byte",
        result.out(),
        result.record().operation(),
        result.changed(),
        result.copied());
  }

  private int adapter(ModelFiles files, DirectionArgument.Stored stored) throws IOException {
    if (!(files instanceof HuggingFaceFolder folder)) {
      throw new IllegalArgumentException(
          model + ": an adapter belongs to a Hugging Face folder, not to a GGUF file");
    }
    var result = LoraAdapter.write(folder, request(stored), out, new TerminalProgress(terminal));
    written.say(
        terminal,
        result.out(),
        String.format(
            Locale.ROOT, "%s%nadapter of rank 1 on %d modules", result.out(), result.modules()),
        Map.of("modules", result.modules(), "missing", result.missing()));
    if (!result.missing().isEmpty()) {
      terminal.say(
          "warning: an adapter has no place for "
              + String.join(", ", result.missing())
              + "; with it the model is not fully edited");
    }
    return ExitCode.OK;
  }

  private int controlVector(ModelFiles files, DirectionFile stored) throws IOException {
    double coefficient = edit.ofControlVector();
    String family = files.config().path("model_type").asString("");
    ControlVector.write(stored.direction(), coefficient, family, Version.tool(), out);
    written.say(terminal, out);
    terminal.note(
        "note: "
            + ControlVector.NOTE
            + " (--coefficient here, --control-vector-scaled FILE:-1 there)");
    return ExitCode.OK;
  }

  /// Types as they are typed.
  static final class StoringName implements ITypeConverter<Storing> {
    @Override
    public Storing convert(String text) {
      return Arrays.stream(Storing.values())
          .filter(storing -> storing.text().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "must be bf16, f16, f32 or q8_0, was \"" + text + "\""));
    }
  }

  /// Forms as they are typed.
  static final class FormName implements ITypeConverter<Form> {
    @Override
    public Form convert(String text) {
      return switch (text) {
        case "checkpoint" -> Form.CHECKPOINT;
        case "lora" -> Form.LORA;
        case "control-vector" -> Form.CONTROL_VECTOR;
        case "direction" -> Form.DIRECTION;
        default ->
            throw new TypeConversionException(
                "must be checkpoint, lora, control-vector or direction, was \"" + text + "\"");
      };
    }
  }
}
