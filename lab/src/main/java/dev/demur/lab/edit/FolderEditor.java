package dev.demur.lab.edit;

import dev.demur.lab.LabRemedy;
import dev.demur.lab.edit.EditRecord.Source;
import dev.demur.lab.edit.EditRecord.Tied;
import dev.demur.lab.edit.FrontMatter.Relation;
import dev.demur.lab.run.Progress;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.local.RegularFile;
import dev.demur.model.local.WholeFile;
import dev.demur.model.remedy.RequestException;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes an edited copy of a Hugging Face folder, shard by shard.
///
/// Tensors that do not change are copied byte for byte, those that do are computed in float32 and
/// rounded once to the type they have on disk. At no time are more than a few blocks of one tensor
/// in memory.
public final class FolderEditor {

  private static final String INDEX = "model.safetensors.index.json";
  private static final String CONFIG = "config.json";

  private final HuggingFaceFolder source;
  private final EditRequest request;
  private final OpenShards shards;
  private final EditPlan plan;
  private final Writers writers;

  private FolderEditor(
      HuggingFaceFolder source,
      EditRequest request,
      OpenShards shards,
      EditPlan plan,
      Writers writers) {
    this.source = source;
    this.request = request;
    this.shards = shards;
    this.plan = plan;
    this.writers = writers;
  }

  /// Writes the folder `out`, whole or not at all.
  ///
  /// @throws IOException if `out` exists or cannot be written
  /// @throws ModelFormatException if the source is not stored in a type that can be edited
  /// @throws IllegalArgumentException if the edit has no place in this model
  public static EditResult write(
      HuggingFaceFolder source, EditRequest request, Path out, Progress progress)
      throws IOException {
    PartFolder.requireNew(out);
    if (request.storing() != Storing.SAME) {
      throw new RequestException(
          "types can be chosen in GGUF files only; the tensors of a folder keep theirs",
          List.of(LabRemedy.CHOOSE_STORAGE));
    }
    try (var _ = Scope.open();
        var shards = OpenShards.of(source)) {
      var writers = Writers.of(source);
      var plan =
          EditPlan.of(
              request.edit(),
              source.name(),
              writers,
              request.tying(),
              name -> source.weights().load(name, DType.F32));
      var editor = new FolderEditor(source, request, shards, plan, writers);
      editor.requireWritable();
      return editor.write(out, progress);
    }
  }

  private void requireWritable() throws IOException {
    for (var change : plan.changes().entrySet()) {
      var file = shards.holding(change.getKey());
      for (var matrix : file.matrices(change.getKey())) {
        change
            .getValue()
            .requireFits(
                file.path(),
                change.getKey(),
                matrix,
                "F32, F16 and BF16 are edited, save the model in one of them",
                List.of());
      }
    }
  }

  private EditResult write(Path out, Progress progress) throws IOException {
    var changed = new ArrayList<>(plan.changes().keySet());
    plan.bias().ifPresent(bias -> changed.add(BiasPlaces.Added.biasOf(bias.matrix())));
    var facts =
        new Source(
            source.name(),
            source.weightsHash(),
            writers.config().family(),
            writers.config().nLayers(),
            tied());
    var record = EditRecord.of(request, facts, changed);
    var index = new TreeMap<String, String>();
    long bytes = 0;
    int tensors = 0;
    try (var folder = PartFolder.create(out)) {
      try (var task = progress.start("edit " + source.name(), shards.files().size())) {
        for (var file : shards.files()) {
          String name = String.valueOf(file.path().getFileName());
          var shard = new ShardEditor(file, plan, record).write(folder.path().resolve(name));
          shard.names().forEach(tensor -> index.put(tensor, name));
          bytes += shard.bytes();
          tensors += shard.names().size();
          task.advance(1);
        }
      }
      copyOtherFiles(folder.path());
      var front = FrontMatter.of(source.name(), Relation.FINETUNE, source.folder());
      if (RegularFile.isThere(source.folder().resolve(INDEX))) {
        writeIndex(folder.path().resolve(INDEX), index, bytes);
      }
      WholeFile.write(folder.path().resolve("README.md"), new ModelCard(record, front).text());
      WholeFile.write(folder.path().resolve(EditRecord.FILE), record.pretty());
      // Last, because nothing opens a folder without it: one that is killed before is not a model.
      writeConfig(folder.path());
      folder.finish();
    }
    return new EditResult(out, changed.size(), tensors - changed.size(), record);
  }

  private Tied tied() {
    if (plan.untied().isPresent()) {
      return Tied.UNTIED;
    }
    return writers.config().tiedEmbeddings() ? Tied.KEPT : Tied.NONE;
  }

  /// Tokenizer, template, generation settings and what else belongs to the model, but not its
  /// weights in other forms.
  private void copyOtherFiles(Path to) throws IOException {
    try (var entries = Files.list(source.folder())) {
      for (Path file : entries.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (RegularFile.isFile(file)
            && !isWeights(name)
            && !name.equals(EditRecord.FILE)
            && !name.equals(CONFIG)) {
          // Of a source that was edited before, README.source.md becomes README.source.source.md.
          boolean card = name.matches("README(\\.source)*\\.md");
          Files.copy(file, to.resolve(card ? name.replaceFirst("README", "README.source") : name));
        }
      }
    }
  }

  private static boolean isWeights(String name) {
    return name.matches(
        "(?i).*\\.(safetensors|bin|pt|pth|gguf|h5|msgpack|onnx|part)(\\.index\\.json)?");
  }

  private void writeIndex(Path file, Map<String, String> index, long bytes) throws IOException {
    ObjectNode json = BoundedJson.readObject(source.folder().resolve(INDEX));
    var metadata = json.withObject("metadata");
    metadata.put("total_size", bytes);
    var map = json.putObject("weight_map");
    index.forEach(map::put);
    WholeFile.write(file, pretty(json));
  }

  /// The configuration stays as it is, byte for byte, unless the edit adds tensors it speaks of.
  private void writeConfig(Path folder) throws IOException {
    Path original = source.folder().resolve(CONFIG);
    if (plan.untied().isEmpty() && plan.bias().isEmpty()) {
      WholeFile.write(folder.resolve(CONFIG), RegularFile.bytes(original));
      return;
    }
    ObjectNode json = BoundedJson.readObject(original);
    if (plan.untied().isPresent()) {
      json.put("tie_word_embeddings", false);
      if (json.get("text_config") instanceof ObjectNode text) {
        text.put("tie_word_embeddings", false);
      }
    }
    if (plan.bias().isPresent()) {
      json.put("mlp_bias", true);
    }
    WholeFile.write(folder.resolve(CONFIG), pretty(json));
  }

  private static byte[] pretty(ObjectNode json) {
    return JsonMapper.shared()
        .writerWithDefaultPrettyPrinter()
        .without(JsonWriteFeature.WRITE_NAN_AS_STRINGS) // Python writes and reads Infinity
        .writeValueAsBytes(json);
  }

  /// Names a shard holds after the edit, and the bytes of their tensors.
  record WrittenShard(TreeSet<String> names, long bytes) {}
}
