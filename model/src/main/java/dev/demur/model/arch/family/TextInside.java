package dev.demur.model.arch.family;

import dev.demur.model.arch.Holding;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ConfigClasses;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A text model inside a multimodal checkpoint, read by the family it is of. Images are not read.
///
/// @param type `model_type` of the text part
/// @param part where the configuration has it
/// @param tying who says that embeddings are tied
record TextInside(String type, Part part, Tying tying) implements Family {

  private static final String INSIDE = "text_config";
  private static final String TYPE = "model_type";
  private static final String TIED = "tie_word_embeddings";

  /// Where a configuration describes its text model.
  enum Part {
    /// In a part that names its own `model_type`.
    OF_ANY_TYPE,
    /// In a part that is always of one type.
    OF_ONE_TYPE,
    /// The same, or beside everything else.
    OF_ONE_TYPE_OR_FLAT
  }

  /// Whose `tie_word_embeddings` counts.
  enum Tying {
    WHOLE,
    EITHER
  }

  @Override
  public Transformer build(ModelFiles files, Holding holding) throws IOException {
    var inside = inside(files);
    return Family.of(inside).build(inside, holding);
  }

  /// Of the text model, under the names they have in the checkpoint.
  @Override
  public Writers writers(ModelFiles files) throws IOException {
    var inside = inside(files);
    var writers = Family.of(inside).writers(inside);
    var names = inside.weights();
    return new Writers(
        of(writers.config(), files.config().path(TYPE).asString("")),
        writers.tensors().stream().map(writer -> renamed(writer, names)).toList(),
        names.whole(writers.unembedding()));
  }

  private static StreamWriter renamed(StreamWriter writer, TextWeights names) {
    return new StreamWriter(
        names.whole(writer.tensor()),
        writer.component(),
        writer.layer(),
        writer.layout(),
        writer
            .after()
            .map(
                norm ->
                    new StreamWriter.PostNorm(
                        norm.tensors().stream().map(names::whole).toList(), norm.plus())));
  }

  private static ModelConfig of(ModelConfig text, String family) {
    return new ModelConfig(
        family,
        text.nLayers(),
        text.dModel(),
        text.nHeads(),
        text.nKvHeads(),
        text.dHead(),
        text.dMlp(),
        text.dVocab(),
        text.nCtx(),
        text.tiedEmbeddings());
  }

  private TextFiles inside(ModelFiles files) throws UnsupportedModelException {
    var whole = files.config() instanceof ObjectNode object ? object : BoundedJson.emptyObject();
    return new TextFiles(files, text(whole), TextWeights.of(files));
  }

  private ObjectNode text(ObjectNode whole) {
    boolean nested = whole.get(INSIDE) instanceof ObjectNode;
    var text = nested ? ((ObjectNode) whole.get(INSIDE)).deepCopy() : alone(whole);
    if (part != Part.OF_ANY_TYPE || !text.path(TYPE).isString()) {
      text.put(TYPE, type);
    }
    boolean inText =
        tying == Tying.EITHER && ConfigClasses.complete(text).path(TIED).asBoolean(false);
    var said = Optional.ofNullable(whole.get(TIED)).filter(value -> !value.isNull());
    if (said.isPresent() && !said.get().isBoolean()) {
      text.set(TIED, said.get());
    } else {
      text.put(TIED, inText || (said.isPresent() && said.get().booleanValue()));
    }
    for (String key : new String[] {"quantization_config", "torch_dtype"}) {
      if (whole.hasNonNull(key)) {
        text.set(key, whole.get(key));
      }
    }
    return text;
  }

  private ObjectNode alone(ObjectNode whole) {
    return part == Part.OF_ONE_TYPE_OR_FLAT ? whole.deepCopy() : BoundedJson.emptyObject();
  }
}
