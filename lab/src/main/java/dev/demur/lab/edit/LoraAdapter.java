package dev.demur.lab.edit;

import dev.demur.lab.LabRemedy;
import dev.demur.lab.VisibleText;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.run.Progress;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.lab.steer.WeightEdit.Lengths;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.arch.writer.StreamWriter.Layout;
import dev.demur.model.format.StoredRows;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.local.WholeFile;
import dev.demur.model.remedy.RequestException;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Orthogonalisation as a PEFT LoRA adapter. −λ r̂ r̂ᵀ W is a matrix of rank 1, so rank 1 is exact:
/// `B = −λ r̂` `[d_model, 1]`, `A = r̂ᵀ W` `[1, in]`, for every writer.
///
/// Not covered, because PEFT has no place for it: biases, learnt positions, and experts, which
/// transformers keeps in one tensor.
///
/// Source: the adapter format of peft 0.21, <https://huggingface.co/docs/peft>.
public final class LoraAdapter {

  private static final String PREFIX = "base_model.model.";

  /// What an adapter left.
  ///
  /// @param out its folder
  /// @param modules how many matrices it changes
  /// @param missing tensors that the edit changes and the adapter cannot
  public record Result(Path out, int modules, List<String> missing) {
    public Result {
      missing = List.copyOf(missing);
    }
  }

  private final HuggingFaceFolder source;
  private final EditRequest request;
  private final WeightEdit.Orthogonalize edit;
  private final EditPlan plan;
  private final OpenShards shards;

  private LoraAdapter(
      HuggingFaceFolder source,
      EditRequest request,
      WeightEdit.Orthogonalize edit,
      EditPlan plan,
      OpenShards shards) {
    this.source = source;
    this.request = request;
    this.edit = edit;
    this.plan = plan;
    this.shards = shards;
  }

  /// Writes the folder `out`, whole or not at all.
  ///
  /// @throws IllegalArgumentException if the model has experts, or the edit is an addition
  /// @throws IOException if `out` exists or cannot be written
  public static Result write(
      HuggingFaceFolder source, EditRequest request, Path out, Progress progress)
      throws IOException {
    PartFolder.requireNew(out);
    if (!(request.edit() instanceof WeightEdit.Orthogonalize edit)) {
      throw new IllegalArgumentException(
          "an adapter multiplies; an addition cannot be written as one");
    }
    if (edit.lengths() == Lengths.KEPT) {
      throw new IllegalArgumentException(
          "an edit that keeps the lengths of columns has no rank of 1 and is no adapter; write an"
              + " edited checkpoint, or let the lengths change");
    }
    try (var _ = Scope.open();
        var shards = OpenShards.of(source)) {
      var writers = Writers.of(source);
      requireNoExperts(source.name(), writers);
      var plan =
          EditPlan.of(
              edit,
              source.name(),
              writers,
              Tying.KEEP,
              name -> source.weights().load(name, DType.F32));
      return new LoraAdapter(source, request, edit, plan, shards).write(writers, out, progress);
    }
  }

  private static void requireNoExperts(String model, Writers writers) {
    boolean experts =
        writers.tensors().stream().anyMatch(w -> w.tensor().matches(".*(experts|sparse_moe).*"));
    if (experts) {
      throw new RequestException(
          model
              + ": transformers keeps the experts of a layer in one tensor, which a LoRA adapter"
              + " does not reach; write an edited checkpoint instead",
          List.of(LabRemedy.WRITE_CHECKPOINT));
    }
  }

  private Result write(Writers writers, Path out, Progress progress) throws IOException {
    var missing = new ArrayList<String>();
    var modules = new ArrayList<String>();
    boolean transposed = false;
    try (var folder = PartFolder.create(out);
        var task = progress.start("adapter for " + source.name(), plan.changes().size())) {
      Path weights = folder.path().resolve("adapter_model.safetensors");
      try (var writer = SafetensorsWriter.create(weights, 2 * plan.changes().size())) {
        writer.metadata("format", "pt");
        writer.metadata("demur_tool", request.tool());
        writer.metadata("demur_direction_sha256", request.direction().sha256());
        for (var tensor : writers.tensors()) {
          var change = plan.changes().get(tensor.tensor());
          if (!(change instanceof RowChange.Project project)) {
            continue;
          }
          if (tensor.isBias() || tensor.tensor().endsWith("wpe.weight")) {
            missing.add(tensor.tensor());
          } else {
            String module = module(tensor);
            modules.add(module);
            transposed |=
                tensor.component() != Component.EMBEDDING && tensor.layout() == Layout.ROWS;
            writeModule(writer, tensor, module, project);
          }
          task.advance(1);
        }
        writer.finish();
      }
      WholeFile.write(folder.path().resolve("adapter_config.json"), config(modules, transposed));
      WholeFile.write(
          folder.path().resolve("README.md"),
          VisibleText.of(card(missing)).getBytes(StandardCharsets.UTF_8));
      folder.finish();
    }
    return new Result(out, modules.size(), missing);
  }

  /// A module's name in the model class: files of GPT-2 may leave out where it begins.
  private static String module(StreamWriter tensor) {
    String name = tensor.tensor().replaceFirst("\\.weight$", "");
    return name.matches("(h\\.\\d+|wte).*") ? "transformer." + name : name;
  }

  private void writeModule(
      SafetensorsWriter writer, StreamWriter tensor, String module, RowChange.Project project)
      throws IOException {
    try (var _ = Scope.open()) {
      var matrix = shards.holding(tensor.tensor()).matrices(tensor.tensor()).getFirst();
      var along =
          switch (project.layout()) {
            case COLUMNS -> RowChange.along(matrix, project.unit()).to(DType.F32);
            case ROWS -> rowsAlong(matrix, project.unit());
          };
      boolean embedding = tensor.component() == Component.EMBEDDING;
      String kind = embedding ? ".lora_embedding_" : ".lora_";
      String ending = embedding ? "" : ".weight";
      writer.write(PREFIX + module + kind + "A" + ending, along.reshape(1, -1));
      writer.write(
          PREFIX + module + kind + "B" + ending,
          project.unit().times(-project.strength()).reshape(-1, 1));
    }
  }

  /// W u of a matrix whose rows live in the stream.
  private static Tensor rowsAlong(StoredRows matrix, Tensor unit) throws IOException {
    var all = Tensor.empty(DType.F32, matrix.rows());
    matrix.read(
        (first, block) -> all.narrow(0, first, block.dim(0)).copyInPlace(block.dotRows(unit)));
    return all;
  }

  private byte[] config(List<String> modules, boolean transposed) {
    var json = JsonMapper.shared().createObjectNode();
    json.put("peft_type", "LORA").put("task_type", "CAUSAL_LM");
    json.put("base_model_name_or_path", source.name());
    json.put("r", 1).put("lora_alpha", 1).put("lora_dropout", 0.0).put("bias", "none");
    json.put("fan_in_fan_out", transposed).put("inference_mode", true);
    json.put("use_rslora", false).put("use_dora", false);
    modules.forEach(json.putArray("target_modules")::add);
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  private String card(List<String> missing) throws IOException {
    Direction direction = edit.direction();
    return """
    %s

    # Adapter for %s

    Written by %s: weight orthogonalisation, strength %s, as a LoRA of rank 1, which is exact: B = −λ r̂,
    A = r̂ᵀ W. It removes the direction read at `%s` (SHA-256 of its file `%s`) from what the model writes to
    its residual stream. With it, the model may answer requests it would otherwise refuse.

    %s
    """
        .formatted(
            FrontMatter.of(source.name(), FrontMatter.Relation.ADAPTER, source.folder()).text(),
            source.name(),
            request.tool(),
            edit.strength(),
            direction.source(),
            request.direction().sha256(),
            missing.isEmpty()
                ? "Everything the edit changes is covered."
                : "Not covered, because an adapter has no place for them: "
                    + String.join(", ", missing)
                    + ".");
  }
}
