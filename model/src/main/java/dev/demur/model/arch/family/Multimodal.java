package dev.demur.model.arch.family;

import java.util.List;
import java.util.regex.Pattern;

/// The language model inside a multimodal checkpoint: where it lies, and what lies beside it.
public final class Multimodal {

  /// Where a checkpoint keeps its language model, older spelling first.
  private static final List<String> ROOTS =
      List.of("language_model.model.", "model.language_model.");

  private static final String OTHERS =
      "(model\\.)?((vision_tower|vision_model|vision_embedder|visual|audio_tower|embed_vision"
          + "|embed_audio|multi_modal_projector)\\..*|image_newline)";

  private static final Pattern BESIDE = Pattern.compile(OTHERS);

  private Multimodal() {}

  /// Whether a tensor belongs to what a multimodal checkpoint has beside its text model, such as an
  /// encoder of images. Such tensors are not read.
  public static boolean isBesideText(String tensor) {
    return BESIDE.matcher(tensor).matches();
  }

  /// What the names of the language model's tensors begin with.
  ///
  /// @param embedding name of its embedding
  /// @param alone what they begin with where the checkpoint is the language model alone
  static String root(WeightReader weights, String embedding, String alone) {
    return ROOTS.stream().filter(root -> weights.has(root + embedding)).findFirst().orElse(alone);
  }

  /// Tensors that the language model does without.
  ///
  /// @param ofText those it would do without alone
  static Pattern unneeded(String ofText) {
    return Pattern.compile(ofText + "|" + OTHERS);
  }
}
