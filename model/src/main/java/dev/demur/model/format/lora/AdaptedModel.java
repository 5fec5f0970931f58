package dev.demur.model.format.lora;

import dev.demur.model.format.LocatedWeights;
import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Quantisation;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.WeightShards;
import dev.demur.model.format.Weights;
import dev.demur.model.format.WeightsHash;
import dev.demur.model.format.folder.FolderWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A model with a LoRA adapter applied: every adapted tensor is W + alpha/r · B A (or alpha/√r),
/// summed in float32 and then converted. Everything but configuration and weights is the base
/// model's.
///
/// The adapter is a folder as `save_pretrained` of peft leaves it: `adapter_config.json` with
/// `adapter_model.safetensors` or `adapter_model.bin`. As in peft, adapting only one of two tied
/// embeddings unties them.
///
/// Source: Hu et al. 2021 (arXiv 2106.09685); peft 0.21 for names and settings.
public final class AdaptedModel implements ModelFiles {

  /// Names of the embedding and of the unembedding, family by family.
  private static final List<String> EMBEDDINGS =
      List.of(
          "model.embed_tokens.weight",
          "transformer.wte.weight",
          "wte.weight",
          "gpt_neox.embed_in.weight");

  private final ModelFiles base;
  private final LoraConfig adapter;
  private final WeightsHash adapterHash;
  private final ObjectNode config;
  private final Weights weights;
  private final String name;

  private AdaptedModel(ModelFiles base, Path folder, Path file, Weights tensors)
      throws IOException {
    this.base = base;
    this.adapter = LoraConfig.read(folder);
    this.adapterHash = new WeightsHash(List.of(file, adapter.file()));
    this.name = base.name() + " + " + folder.toAbsolutePath().normalize().getFileName();
    if (!(base.config().deepCopy() instanceof ObjectNode copy)) {
      throw new IllegalStateException("a model's configuration is an object");
    }
    this.config = copy;
    this.weights = adapt(folder, tensors);
  }

  /// Applies an adapter to a model, which belongs to the result from here on.
  ///
  /// @param base the model the adapter was trained on
  /// @param folder the adapter
  /// @throws ModelFormatException if the adapter is unsound, of a kind not known here, or belongs
  ///   to another model; the base model is closed then
  public static AdaptedModel open(ModelFiles base, Path folder) throws IOException {
    try {
      LoraConfig.read(folder); // says more than a missing weight file would
      Path file = weightFile(folder);
      var tensors =
          FolderWeights.open(
              new WeightShards(folder, List.of(file), Map.of()), new Quantisation.None());
      try {
        return new AdaptedModel(base, folder, file, tensors);
      } catch (IOException | RuntimeException e) {
        tensors.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      base.close();
      throw e;
    }
  }

  private static Path weightFile(Path folder) throws ModelFormatException {
    for (String name : List.of("adapter_model.safetensors", "adapter_model.bin")) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new ModelFormatException(
        folder, "holds neither adapter_model.safetensors nor adapter_model.bin; fetch it again");
  }

  private Weights adapt(Path folder, Weights tensors) throws IOException {
    var original = base.weights();
    String unembedding =
        base.config().path("model_type").asString("").equals("gpt_neox")
            ? "embed_out.weight"
            : "lm_head.weight";
    var names = new LinkedHashSet<>(original.names());
    names.add(unembedding);
    var changes =
        LoraChanges.of(adapter, tensors, names, base.config().path("model_type").asString(""));
    var sources = new LinkedHashMap<String, String>();
    original.names().forEach(each -> sources.put(each, each));
    var embedding = EMBEDDINGS.stream().filter(original.names()::contains).findFirst();
    if (changes.containsKey(unembedding) || embedding.filter(changes::containsKey).isPresent()) {
      untie(unembedding, embedding, sources);
    }
    var located = new LinkedHashMap<String, Located>();
    for (var source : sources.entrySet()) {
      var change = changes.get(source.getKey());
      located.put(
          source.getKey(),
          change == null
              ? unchanged(original, source.getKey(), source.getValue())
              : changed(original, source.getKey(), source.getValue(), tensors, change));
    }
    return new LocatedWeights(folder, located, List.of(), List.of(tensors::close));
  }

  /// Gives the unembedding a tensor of its own: peft changes the module it is told to, and not the
  /// one that shares its weights.
  private void untie(String unembedding, Optional<String> embedding, Map<String, String> sources)
      throws ModelFormatException {
    if (config.path("text_config").isObject() || embedding.isEmpty()) {
      throw new ModelFormatException(
          adapter.file(), "adapts the embeddings, which is not known for this kind of model");
    }
    boolean tied = config.path("tie_word_embeddings").asBoolean(false);
    if (tied || !sources.containsKey(unembedding)) {
      sources.put(unembedding, embedding.get());
    }
    config.put("tie_word_embeddings", false);
  }

  private static Located unchanged(Weights original, String name, String source)
      throws IOException {
    return new Located(named(original.info(source), name), to -> original.load(source, to));
  }

  private Located changed(
      Weights original, String name, String source, Weights tensors, LoraChanges.Placed placed)
      throws IOException {
    var info = named(original.info(source), name);
    placed.change().requireFits(adapter, info, tensors, placed.module());
    return new Located(info, to -> placed.change().load(original, source, tensors, to));
  }

  private static TensorInfo named(TensorInfo info, String name) {
    return new TensorInfo(name, info.type(), info.shape(), info.bytes());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public JsonNode config() {
    return config;
  }

  @Override
  public Weights weights() {
    return weights;
  }

  @Override
  public TokenizerFiles tokenizer() {
    return base.tokenizer();
  }

  @Override
  public Optional<String> chatTemplate() {
    return base.chatTemplate();
  }

  @Override
  public JsonNode generationConfig() {
    return base.generationConfig();
  }

  /// SHA-256 over the base model's hash and the adapter's.
  @Override
  public String weightsHash() throws IOException {
    String both = base.weightsHash() + "\n" + adapterHash.value();
    return WeightsHash.of(both.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    weights.close();
    base.close();
  }
}
