package dev.demur.model.arch.family;

import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Layout;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.format.gguf.Gguf;
import java.io.IOException;
import java.util.List;

/// What an edit of a checkpoint needs to know of its family, without loading any weights.
///
/// @param config the model's shape
/// @param tensors the tensors that write to the stream
/// @param unembedding name of the unembedding, whether it is there or tied
public record Writers(ModelConfig config, List<StreamWriter> tensors, String unembedding) {

  public Writers {
    tensors = List.copyOf(tensors);
  }

  /// The writers of a checkpoint under Hugging Face names.
  ///
  /// @throws UnsupportedModelException if the family is not known
  public static Writers of(ModelFiles files) throws IOException {
    return Family.of(files).writers(files);
  }

  /// The writers of a GGUF file under its own names.
  ///
  /// @param files the same model under Hugging Face names
  /// @throws UnsupportedModelException if the family is not known
  public static Writers of(Gguf file, ModelFiles files) throws IOException {
    var inFolder = of(files);
    boolean hasPostNorms = inFolder.tensors().stream().anyMatch(w -> w.after().isPresent());
    // Gemma's norms have their 1 already in GGUF.
    var names =
        hasPostNorms
            ? WriterNames.gguf()
                .withNorms("post_attention_norm.weight", "post_ffw_norm.weight", 0)
                .withFurther(
                    "ffn_down\\.weight",
                    Layout.COLUMNS,
                    "post_ffw_norm_1.weight",
                    "post_ffw_norm.weight")
                .withFurther(
                    "ffn_down_exps\\.weight",
                    Layout.COLUMNS,
                    "post_ffw_norm_2.weight",
                    "post_ffw_norm.weight")
                .withFurther("proj\\.weight", Layout.COLUMNS, "post_norm.weight")
            : WriterNames.gguf();
    return new Writers(inFolder.config(), names.among(file.names(), ""), "output.weight");
  }
}
