package dev.demur.lab.profile;

import dev.demur.model.ChatModel;
import dev.demur.model.arch.Structure;
import dev.demur.model.arch.Structure.NormKind;
import dev.demur.model.arch.Structure.NormPlacement;
import dev.demur.model.arch.Structure.Wiring;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Multimodal;
import dev.demur.model.format.Quantisation;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Whether one thing Demur does is exact on a model.
///
/// @param what the operation
/// @param grade how exact it is
/// @param note why, in a sentence
public record Exactness(String what, Grade grade, String note) {

  /// How exact an operation is.
  public enum Grade {
    /// To rounding.
    EXACT,
    /// It does what it says, but not quite what one may expect.
    WITH_RESERVATION,
    /// It is refused.
    IMPOSSIBLE
  }

  private static final Set<String> UNQUANTISED = Set.of("F64", "F32", "F16", "BF16");

  /// Every operation that can differ between models.
  ///
  /// @param storedAs the types the model's tensors are stored in
  static List<Exactness> of(ChatModel model, Structure structure, Set<String> storedAs)
      throws UnsupportedModelException {
    var all = new ArrayList<Exactness>();
    all.add(weights(model, storedAs));
    var names = model.files().weights().names();
    long beside = names.stream().filter(Multimodal::isBesideText).count();
    if (beside > 0) {
      all.add(
          new Exactness(
              "images",
              Grade.IMPOSSIBLE,
              "the text model is read, " + beside + " tensors for images are not"));
    }
    all.addAll(quantised(Quantisation.of(model.name(), model.files().config())));
    all.add(
        new Exactness(
            "ablation, addition and clamp while the model runs",
            Grade.EXACT,
            "edits act on the float32 stream"));
    all.add(orthogonalized(model, structure));
    all.add(storedEdits(storedAs));
    all.add(middle(structure));
    all.add(patterns(model.transformer()));
    all.add(prompts(model));
    return all;
  }

  private static Exactness weights(ChatModel model, Set<String> storedAs) {
    String what = "weights and logits";
    if (model.transformer().dtype() == DType.F32) {
      return new Exactness(what, Grade.EXACT, "float32 throughout");
    }
    boolean asStored = Set.of("BF16").containsAll(storedAs);
    return new Exactness(
        what,
        asStored ? Grade.EXACT : Grade.WITH_RESERVATION,
        asStored
            ? "held in bfloat16, as they are stored; the stream is float32"
            : "held in bfloat16 and rounded to it where stored otherwise; float32 keeps every"
                + " bit");
  }

  private static List<Exactness> quantised(Quantisation quantisation) {
    String what = "quantised weights";
    return switch (quantisation) {
      case Quantisation.None _ -> List.of();
      case Quantisation.Floating _ ->
          List.of(new Exactness(what, Grade.EXACT, "decoded when they are loaded"));
      case Quantisation.Gptq(int bits, _, _) -> List.of(decoded("GPTQ, " + bits + " bits"));
      case Quantisation.Awq _ -> List.of(decoded("AWQ, 4 bits"));
      case Quantisation.CompressedTensors(_, var activations) ->
          activations == Quantisation.Activations.KEPT
              ? List.of(decoded("compressed-tensors"))
              : List.of(
                  decoded("compressed-tensors"),
                  new Exactness(
                      "quantised activations",
                      Grade.WITH_RESERVATION,
                      "where the checkpoint is served, activations are rounded, too; here they are"
                          + " not"));
    };
  }

  private static Exactness decoded(String method) {
    return new Exactness(
        "quantised weights",
        Grade.EXACT,
        method + ", decoded when they are loaded, as its own package does");
  }

  private static Exactness orthogonalized(ChatModel model, Structure structure) {
    String what = "a direction removed from the weights";
    boolean behindNorm = structure.placement() != NormPlacement.BEFORE;
    if (behindNorm && structure.norm() == NormKind.LAYER) {
      return new Exactness(
          what, Grade.IMPOSSIBLE, "a LayerNorm with a bias stands between matrix and stream");
    }
    if (behindNorm) {
      return new Exactness(
          what,
          Grade.WITH_RESERVATION,
          "the stream is free of it, but a norm stands between matrix and stream: not equal to"
              + " ablation while the model runs");
    }
    return new Exactness(
        what,
        Grade.EXACT,
        model.config().tiedEmbeddings()
            ? "equal to ablation; the embeddings are tied, and the unembedding keeps its rows"
            : "equal to ablation");
  }

  private static Exactness storedEdits(Set<String> storedAs) {
    boolean plain = UNQUANTISED.containsAll(storedAs);
    return new Exactness(
        "edited weights written to a file",
        plain ? Grade.EXACT : Grade.WITH_RESERVATION,
        plain
            ? "rounded once to the type they are stored in"
            : "stored quantised: edited tensors do not fit their old type without a loss");
  }

  private static Exactness middle(Structure structure) {
    return structure.wiring() == Wiring.PARALLEL
        ? new Exactness(
            "the site resid_mid", Grade.IMPOSSIBLE, "attention and MLP both read resid_pre")
        : new Exactness("the site resid_mid", Grade.EXACT, "every block has it");
  }

  private static Exactness patterns(Transformer transformer) {
    String what = "explain and monitors";
    return transformer
        .unsplittable()
        .map(reason -> new Exactness(what, Grade.IMPOSSIBLE, "they need " + reason))
        .orElseGet(() -> new Exactness(what, Grade.EXACT, "every layer has attention"));
  }

  private static Exactness prompts(ChatModel model) {
    return model.prompts().hasTemplate()
        ? new Exactness("chat prompts", Grade.EXACT, "written by the model's own template")
        : new Exactness("chat prompts", Grade.IMPOSSIBLE, "there is no chat template to read");
  }
}
