package dev.demur.model.format.gguf;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.LocatedWeights;
import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Relayout;
import dev.demur.model.format.StoredTensor;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.Weights;
import dev.demur.model.format.WeightsHash;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A model in a GGUF file, or in the parts of a split one, seen as a Hugging Face checkpoint:
/// names, layout and configuration are translated back.
public final class GgufFile implements ModelFiles {

  /// Bounds the work a hostile shape can ask for.
  private static final long MAX_EXPERTS = 4096;

  private final String name;
  private final List<Gguf> parts;
  private final GgufMetadata metadata;
  private final ObjectNode config;
  private final ObjectNode generationConfig;
  private final Weights weights;
  private final WeightsHash hash;

  private GgufFile(String name, List<Gguf> parts) throws IOException {
    this.name = name;
    this.parts = List.copyOf(parts);
    this.metadata = parts.getFirst().metadata();
    if (!(metadata.values().get("general.architecture") instanceof String architecture)) {
      throw new ModelFormatException(
          metadata.file(), "has no general.architecture; it is not a language model");
    }
    var family = GgufFamilies.of(architecture, metadata);
    var tensors = tensors(parts);
    this.config = GgufConfig.of(architecture, metadata, family, tensors);
    this.generationConfig = generationConfig(metadata);
    this.weights =
        new LocatedWeights(
            metadata.file(),
            new Naming(metadata.file(), family, config).locate(metadata, tensors),
            parts.stream().map(Gguf::mapped).toList(),
            parts.stream().<Runnable>map(part -> part::close).toList());
    this.hash = new WeightsHash(parts.stream().map(Gguf::path).toList());
  }

  /// Opens a file; given any part of a split one (`…-00001-of-00003.gguf`), all parts.
  ///
  /// @throws ModelFormatException if a part is missing or unsound
  public static GgufFile open(Path path) throws IOException {
    var parts = new ArrayList<Gguf>();
    try {
      for (Path part : GgufSplit.parts(path)) {
        parts.add(Gguf.open(part));
      }
      GgufSplit.requireComplete(parts);
      return new GgufFile(GgufSplit.name(path), parts);
    } catch (IOException | RuntimeException e) {
      parts.forEach(Gguf::close);
      throw e;
    }
  }

  private static Map<String, StoredTensor> tensors(List<Gguf> parts) throws IOException {
    var tensors = new LinkedHashMap<String, StoredTensor>();
    for (Gguf part : parts) {
      for (String tensor : part.names()) {
        if (tensors.put(tensor, part.stored(tensor)) != null) {
          throw new ModelFormatException(
              part.path(), "tensor \"" + tensor + "\" is in another part, too");
        }
      }
    }
    return tensors;
  }

  /// End of text and end of turn both end a generation.
  private static ObjectNode generationConfig(GgufMetadata metadata) {
    ObjectNode generation = BoundedJson.emptyObject();
    var ends = generation.putArray("eos_token_id");
    for (String key : List.of("eos", "eot", "eom")) {
      var id = metadata.values().get("tokenizer.ggml." + key + "_token_id");
      if (id instanceof Long number
          && ends.values().stream().noneMatch(e -> e.asLong() == number)) {
        ends.add(number);
      }
    }
    return generation;
  }

  /// A tensor under its Hugging Face name, put right when it is read.
  static Located located(String name, StoredTensor stored, Relayout relayout) {
    var info = stored.info();
    var renamed = new TensorInfo(name, info.type(), relayout.shape(info.shape()), info.bytes());
    var source = stored.named(name);
    if (relayout instanceof Relayout.None) {
      return new Located(renamed, source::load, source::inPlace);
    }
    return new Located(
        renamed,
        to -> {
          try (var scope = Scope.open()) {
            return scope.keep(relayout.undo(source.load(to)));
          }
        },
        to ->
            relayout
                .order(source.rows())
                .flatMap(order -> source.inPlace(to).map(matrix -> matrix.ordered(order))));
  }

  /// Gives tensors their Hugging Face names and layout.
  private record Naming(Path file, GgufFamily family, ObjectNode config) {

    Map<String, Located> locate(GgufMetadata metadata, Map<String, StoredTensor> tensors)
        throws IOException {
      var located = new LinkedHashMap<String, Located>();
      for (var stored : tensors.values()) {
        if (family.layout() == GgufFamily.Layout.GPT_OSS
            && GptOssExperts.locate(located, tensors, stored)) {
          continue;
        }
        if (family.layout() == GgufFamily.Layout.LATENT
            && LatentMatrices.locate(located, tensors, stored, config)) {
          continue;
        }
        String ggufName = stored.info().name();
        // What has no Hugging Face name, such as rope_freqs.weight, keeps its own.
        String hfName = family.hfName(ggufName).orElse(ggufName);
        if (hfName.contains(GgufFamily.EXPERT)) {
          locateExperts(located, hfName, stored);
        } else {
          located.put(hfName, located(hfName, stored, relayout(ggufName, stored)));
        }
      }
      if (family.layout() == GgufFamily.Layout.XIELU) {
        located.putAll(XieluNumbers.of(metadata));
      }
      return located;
    }

    private void locateExperts(Map<String, Located> located, String pattern, StoredTensor stack)
        throws IOException {
      if (stack.info().shape().size() < 2 || stack.rows() > MAX_EXPERTS) {
        throw new ModelFormatException(
            file,
            String.format(
                Locale.ROOT,
                "tensor \"%s\" of shape %s is not a stack of at most %,d experts",
                stack.info().name(),
                stack.info().shape(),
                MAX_EXPERTS));
      }
      for (long expert = 0; expert < stack.rows(); expert++) {
        String name = pattern.replace(GgufFamily.EXPERT, Long.toString(expert));
        located.put(name, located(name, stack.slice(expert), new Relayout.None()));
      }
    }

    private Relayout relayout(String ggufName, StoredTensor stored) throws ModelFormatException {
      if (ggufName.endsWith(".ffn_gate_inp_shexp.weight") && stored.info().shape().size() == 1) {
        return new Relayout.Row();
      }
      return switch (family.layout()) {
        case AS_STORED, GPT_OSS, LATENT, XIELU -> new Relayout.None();
        case ROTARY_PAIRS -> rotary(ggufName, stored);
        case NORMS_PLUS_ONE ->
            ggufName.endsWith("norm.weight") ? new Relayout.PlusOne() : new Relayout.None();
        case QKV_BY_MATRIX ->
            ggufName.contains(".attn_qkv.")
                ? new Relayout.QueryKeyValue(heads(stored, "num_attention_heads", 3))
                : new Relayout.None();
        case DELTA -> DeltaTensors.relayout(file, ggufName, stored, config, 1);
        case TILED_DELTA ->
            DeltaTensors.relayout(
                file, ggufName, stored, config, config.path("linear_num_key_heads").asLong(0));
        case MAMBA, MAMBA_AND_PAIRS -> mamba(ggufName, stored);
        case CONVOLUTIONS ->
            ggufName.endsWith(".shortconv.conv.weight") && stored.info().shape().size() == 2
                ? new Relayout.Channels()
                : new Relayout.None();
        case TRANSPOSED ->
            ggufName.startsWith("blk.") && stored.info().shape().size() == 2
                ? new Relayout.Transposed()
                : new Relayout.None();
      };
    }

    private Relayout mamba(String ggufName, StoredTensor stored) throws ModelFormatException {
      return switch (ggufName.replaceFirst("^blk\\.\\d+\\.", "")) {
        case "ssm_a" -> new Relayout.Both(new Relayout.NegativeExponentials(), new Relayout.Flat());
        case "ssm_d", "ssm_norm.weight" -> new Relayout.Flat();
        case "ssm_conv1d.weight" ->
            stored.info().shape().size() == 2 ? new Relayout.Channels() : new Relayout.None();
        default ->
            family.layout() == GgufFamily.Layout.MAMBA
                ? new Relayout.None()
                : rotary(ggufName, stored);
      };
    }

    private Relayout rotary(String ggufName, StoredTensor stored) throws ModelFormatException {
      if (ggufName.contains(".attn_q.")) {
        return new Relayout.RotaryPairs(heads(stored, "num_attention_heads", 2));
      }
      if (ggufName.contains(".attn_k.")) {
        return new Relayout.RotaryPairs(heads(stored, "num_key_value_heads", 2));
      }
      return new Relayout.None();
    }

    /// The number of heads, checked against the rows: each head has a multiple of `parts` of them.
    private long heads(StoredTensor stored, String key, long parts) throws ModelFormatException {
      long heads = config.path(key).asLong(0);
      long rows = stored.info().shape().isEmpty() ? 0 : stored.info().shape().getFirst();
      if (heads < 1 || rows < heads * parts || rows % (heads * parts) != 0) {
        throw new ModelFormatException(
            file,
            String.format(
                Locale.ROOT,
                "tensor \"%s\" has %,d rows for %,d heads; the metadata does not fit the tensors",
                stored.info().name(),
                rows,
                heads));
      }
      return heads;
    }
  }

  /// The file, or the parts of a split one, with GGUF's own names and types.
  public List<Gguf> parts() {
    return parts;
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
    return new TokenizerFiles.InGguf(metadata);
  }

  @Override
  public Optional<String> chatTemplate() {
    return metadata.values().get("tokenizer.chat_template") instanceof String template
        ? Optional.of(template)
        : Optional.empty();
  }

  @Override
  public JsonNode generationConfig() {
    return generationConfig;
  }

  @Override
  public String weightsHash() throws IOException {
    return hash.value();
  }

  @Override
  public void close() {
    weights.close();
  }
}
