package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.Unembedding;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.Quantisation;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The order in which all families build: refuse what is not known, read the shape, then embedding,
/// blocks, final norm and unembedding, then make sure that no tensor was left over.
abstract class BlockFamily implements Family {

  @Override
  public final Transformer build(ModelFiles files, Holding holding) throws IOException {
    var json = read(files);
    refuseUnknown(json);
    var weights = new WeightReader(files, holding);
    try {
      var plan = new Blueprint(json, shape(json, weights), weights, root(weights));
      var embedding = embedding(plan);
      var blocks = new ArrayList<Block>();
      for (int layer = 0; layer < plan.config().nLayers(); layer++) {
        blocks.add(block(plan, layer));
      }
      var unembedding = unembedding(plan, embedding);
      var model =
          new Transformer(
              plan.config(),
              holding,
              embedding,
              blocks,
              finalNorm(plan),
              unembedding,
              Optional.empty());
      for (String name : weights.unread()) {
        if (!isUnneeded(name, plan)) {
          throw weights.homeless(name);
        }
      }
      return model;
    } catch (IllegalArgumentException e) { // a value object refused what the configuration says
      throw json.unsupported(e.getMessage() + ".");
    }
  }

  @Override
  public final Writers writers(ModelFiles files) throws IOException {
    var json = read(files);
    try {
      var weights = new WeightReader(files, Holding.decoded(DType.F32));
      var config = shape(json, weights);
      return new Writers(
          config,
          inBlocks(writerNames().among(files.weights().names(), root(weights)), config),
          unembeddingName(weights) + ".weight");
    } catch (IllegalArgumentException e) { // a value object refused what the configuration says
      throw json.unsupported(e.getMessage() + ".");
    }
  }

  /// Without those of blocks behind the last, which predict further tokens and write to no stream
  /// of the model's.
  private static List<StreamWriter> inBlocks(List<StreamWriter> writers, ModelConfig config) {
    return writers.stream().filter(w -> w.layer().orElse(0) < config.nLayers()).toList();
  }

  private ConfigReader read(ModelFiles files) {
    return configuration(new ConfigReader(files.name(), files.config())).completed();
  }

  /// Says whether the unembedding is the embedding, as transformers 5 decides it: one in the file
  /// counts unless it is a copy of an embedding that the configuration ties.
  ///
  /// A file without one is tied whatever the configuration says. transformers would continue with
  /// random numbers there; llama.cpp ties.
  private ModelConfig shape(ConfigReader json, WeightReader weights) throws IOException {
    var config = shape(json);
    String unembedding = unembeddingName(weights) + ".weight";
    if (!weights.has(unembedding)) {
      return config.tied();
    }
    return config.tiedEmbeddings()
            && weights.areCopies(root(weights) + embeddingName(), unembedding)
        ? config
        : config.untied();
  }

  /// The name of the token embedding after the root.
  abstract String embeddingName();

  /// The names of what writes to the stream.
  abstract WriterNames writerNames();

  /// The name of the unembedding, without `.weight`.
  String unembeddingName(WeightReader weights) {
    return "lm_head";
  }

  /// The part of the configuration that describes the language model.
  ConfigReader configuration(ConfigReader json) {
    return json;
  }

  /// Refuses configurations that ask for something this version does not compute.
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    json.only("add_cross_attention", false);
    json.only("is_encoder_decoder", false);
    json.only("use_bidirectional_attention", bidirectionalKinds());
    json.only("alibi", false);
    json.only("clip_qkv");
    json.only("position_embedding_type", positionKinds());
    Quantisation.of(json.model(), json.json());
  }

  /// Values of `use_bidirectional_attention` with which tokens of text see earlier ones alone.
  Object[] bidirectionalKinds() {
    return new Object[] {false};
  }

  /// Values of `position_embedding_type` that mean the positions this family has.
  Object[] positionKinds() {
    return new Object[] {"absolute", "rope", "rotary"};
  }

  /// What the names of the tensors begin with.
  abstract String root(WeightReader weights);

  abstract ModelConfig shape(ConfigReader json) throws UnsupportedModelException;

  /// One matrix makes queries, keys and values of all heads; its rows can only be shared out
  /// evenly.
  static void requireWholeHeads(ConfigReader json, int dModel, int heads)
      throws UnsupportedModelException {
    if (dModel % heads != 0) {
      throw json.unsupported(
          "a stream of width "
              + dModel
              + " cannot be shared out evenly among "
              + heads
              + " heads.");
    }
  }

  abstract Embedding embedding(Blueprint plan) throws IOException;

  abstract Block block(Blueprint plan, int layer) throws IOException;

  abstract Norm finalNorm(Blueprint plan) throws IOException;

  /// The embedding's matrix where they are tied, else one of its own.
  Unembedding unembedding(Blueprint plan, Embedding embedding) throws IOException {
    var config = plan.config();
    return Unembedding.of(
        config.tiedEmbeddings()
            ? new Linear(embedding.tokens(), Optional.empty())
            : plan.weights()
                .linear(
                    unembeddingName(plan.weights()), config.dVocab(), config.dModel(), Bias.NONE));
  }

  /// Whether the model is run without a tensor of this name.
  boolean isUnneeded(String name, Blueprint plan) throws UnsupportedModelException {
    return unneeded().matcher(name).matches();
  }

  /// Tensors some checkpoints hold that can be computed, repeat others or belong to other parts.
  Pattern unneeded() {
    return Pattern.compile(
        ".*\\.rotary_emb\\.inv_freq|lm_head\\.weight|rope_(freqs|factors_long|factors_short)\\.weight");
  }
}
