package dev.demur.lab.edit;

import dev.demur.lab.LabRemedy;
import dev.demur.lab.edit.EditRecord.Source;
import dev.demur.lab.edit.EditRecord.Tied;
import dev.demur.lab.run.Progress;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.StoredRows;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.gguf.Gguf;
import dev.demur.model.format.gguf.GgufFile;
import dev.demur.model.format.gguf.GgufWriter;
import dev.demur.model.remedy.RequestException;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Writes an edited copy of a GGUF file.
///
/// Metadata and tensors that do not change are copied byte for byte. Those that do are computed in
/// float32 and stored in the type they had, as the `gguf` package rounds them, where that is F32,
/// F16, BF16, Q8_0 or Q4_0; other types are refused or replaced, as [Storing] says.
public final class GgufEditor {

  /// Families whose unembedding llama.cpp takes from the embedding whatever the file holds; it
  /// refuses a file with a tensor it does not ask for.
  private static final Set<String> ALWAYS_TIED = Set.of("gemma", "gemma2");

  private static final String NAME = "general.name";
  private static final String DESCRIPTION = "general.description";
  private static final String BASE = "general.base_model.";
  private static final String EDITED = " (edited)";

  private final GgufFile source;
  private final Gguf file;
  private final EditRequest request;
  private final Writers writers;
  private final EditPlan plan;

  private GgufEditor(
      GgufFile source, Gguf file, EditRequest request, Writers writers, EditPlan plan) {
    this.source = source;
    this.file = file;
    this.request = request;
    this.writers = writers;
    this.plan = plan;
  }

  /// Writes the file `out`, whole or not at all.
  ///
  /// @throws IOException if `out` exists or cannot be written
  /// @throws ModelFormatException if a tensor to be changed has a type that is not written
  /// @throws IllegalArgumentException if the edit has no place in this model
  public static EditResult write(GgufFile source, EditRequest request, Path out, Progress progress)
      throws IOException {
    PartFolder.requireNew(out);
    if (source.parts().size() > 1) {
      throw new ModelFormatException(
          source.parts().getFirst().path(),
          "is split into "
              + source.parts().size()
              + " parts; put them together first, as llama-gguf-split can");
    }
    var file = source.parts().getFirst();
    if (request.edit() instanceof WeightEdit.Shift) {
      throw new RequestException(
          "an addition is not written into GGUF files; write a control vector"
              + " or edit the Hugging Face folder",
          List.of(LabRemedy.WRITE_CONTROL_VECTOR));
    }
    try (var _ = Scope.open()) {
      var writers = Writers.of(file, source);
      var plan =
          EditPlan.of(
              request.edit(), source.name(), writers, request.tying(), name -> vector(file, name));
      var editor = new GgufEditor(source, file, request, writers, plan);
      editor.requireWritable();
      return editor.write(out, progress);
    }
  }

  private static Tensor vector(Gguf file, String name) throws IOException {
    var row = file.matrices(name).getFirst();
    var vector = Tensor.empty(DType.F32, 1, row.columns());
    row.read((_, block) -> vector.copyInPlace(block));
    return vector.reshape(-1);
  }

  private void requireWritable() throws IOException {
    if (plan.untied().isPresent() && ALWAYS_TIED.contains(writers.config().family())) {
      throw new RequestException(
          "llama.cpp ties the embeddings of the family "
              + writers.config().family()
              + " whatever a GGUF file holds; keep them tied, leave the embedding out"
              + " of the edit, or edit the Hugging Face folder",
          List.of(LabRemedy.KEEP_TIED, LabRemedy.CHOOSE_COMPONENTS));
    }
    for (var change : plan.changes().entrySet()) {
      for (var matrix : matrices(change.getKey())) {
        change
            .getValue()
            .requireFits(
                file.path(),
                change.getKey(),
                matrix,
                "F32, F16, BF16, Q8_0 and Q4_0 can be written again; choose BF16 for"
                    + " edited tensors of other types, or take the model in one of these",
                List.of(LabRemedy.CHOOSE_STORAGE));
      }
    }
  }

  private List<StoredRows> matrices(String name) throws ModelFormatException {
    return request.storing().of(file.matrices(name));
  }

  /// The source's pairs, under a name that nobody takes for the source's.
  ///
  /// Source of the keys: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
  private GgufWriter named(String operation) {
    var said = file.metadata();
    String name = said.string(NAME).orElse(source.name());
    var writer =
        new GgufWriter()
            .pairsOf(
                file, key -> !key.equals(NAME) && !key.equals(DESCRIPTION) && !key.startsWith(BASE))
            .text(NAME, name.endsWith(EDITED) ? name : name + EDITED)
            .text(DESCRIPTION, "Edited by " + request.tool() + ": " + operation + ".")
            .number(BASE + "count", 1)
            .text(BASE + "0.name", name);
    said.string("general.organization").ifPresent(o -> writer.text(BASE + "0.organization", o));
    said.string("general.repo_url").ifPresent(url -> writer.text(BASE + "0.repo_url", url));
    return writer;
  }

  private EditResult write(Path out, Progress progress) throws IOException {
    var changed = List.copyOf(plan.changes().keySet());
    var tied = writers.config().tiedEmbeddings() ? Tied.KEPT : Tied.NONE;
    var facts =
        new Source(
            source.name(),
            source.weightsHash(),
            writers.config().family(),
            writers.config().nLayers(),
            plan.untied().isPresent() ? Tied.UNTIED : tied);
    var record = EditRecord.of(request, facts, changed);
    var names = file.names();
    try (var task = progress.start("edit " + source.name(), names.size())) {
      // An edit of an edited file tells of itself under the next free number.
      String key = EditRecord.KEY;
      for (int i = 2; file.metadata().values().containsKey(key); i++) {
        key = EditRecord.KEY + "." + i;
      }
      var writer = named(record.operation()).text(key, record.line());
      for (String name : names) {
        var change = plan.changes().get(name);
        var matrices = matrices(name);
        writer.tensor(
            change == null ? file.info(name) : matrices.getFirst().written(),
            sink -> {
              if (change == null) {
                file.source(name).writeTo(sink);
              } else {
                change.write(matrices, sink);
              }
              task.advance(1);
            });
      }
      if (plan.untied().isPresent()) {
        var info = file.info(plan.untied().get().embedding());
        writer.tensor(
            new TensorInfo(
                plan.untied().get().unembedding(), info.type(), info.shape(), info.bytes()),
            file.source(info.name()));
      }
      writer.write(out);
    }
    return new EditResult(out, changed.size(), names.size() - changed.size(), record);
  }
}
