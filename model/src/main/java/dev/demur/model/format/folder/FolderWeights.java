package dev.demur.model.format.folder;

import dev.demur.model.format.LocatedWeights;
import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Quantisation;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.WeightShards;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.torch.TorchFile;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Opens the weight files of a Hugging Face folder as one set of tensors.
public final class FolderWeights {

  private static final Pattern SCALE_OF_FLOAT8 =
      Pattern.compile("(.*)\\.(weight_scale(_inv)?|input_scale|activation_scale)");

  private final WeightShards shards;
  private final Packing packing;
  private final List<MemorySegment> mapped = new ArrayList<>();
  private final List<Runnable> closers = new ArrayList<>();
  private final Map<String, Shard> tensors = new LinkedHashMap<>();

  /// One open file of tensors.
  interface Shard {

    Path path();

    Set<String> names();

    TensorInfo info(String name) throws IOException;

    Tensor load(String name, DType to) throws IOException;

    /// The stored bytes, where they can be had without reading them as numbers.
    MemorySegment bytes(String name) throws IOException;
  }

  private FolderWeights(WeightShards shards, Packing packing) {
    this.shards = shards;
    this.packing = packing;
  }

  /// Opens all files and checks that every tensor of the index is where it should be.
  ///
  /// @param quantisation what the model's configuration says of its weights
  public static LocatedWeights open(WeightShards shards, Quantisation quantisation)
      throws IOException {
    var opening = new FolderWeights(shards, Packing.of(quantisation));
    try {
      for (Path file : shards.files()) {
        opening.add(file);
      }
      opening.requireIndexed();
      return new LocatedWeights(shards.folder(), opening.locate(), opening.mapped, opening.closers);
    } catch (IOException | RuntimeException e) {
      opening.closers.forEach(Runnable::run);
      throw e;
    }
  }

  private void add(Path file) throws IOException {
    var shard = openShard(file);
    for (String name : shard.names()) {
      var before = tensors.put(name, shard);
      if (before != null) {
        throw new ModelFormatException(
            file, "tensor \"" + name + "\" is also in " + before.path() + "; remove one of them");
      }
    }
  }

  private Shard openShard(Path file) throws IOException {
    if (shards.isTorch()) {
      var torch = TorchFile.open(file);
      closers.add(torch::close);
      return new TorchShard(torch);
    }
    var safetensors = Safetensors.open(file);
    closers.add(safetensors::close);
    mapped.add(safetensors.mapped());
    return new SafetensorsShard(safetensors);
  }

  private void requireIndexed() throws ModelFormatException {
    for (var entry : shards.index().entrySet()) {
      var shard = tensors.get(entry.getKey());
      if (shard == null || !entry.getValue().equals(String.valueOf(shard.path().getFileName()))) {
        throw new ModelFormatException(
            shards.folder().resolve(entry.getValue()),
            "does not hold tensor \"" + entry.getKey() + "\", which the index says it does");
      }
    }
  }

  private Map<String, Located> locate() throws IOException {
    var parts = new Parts(shards.folder(), tensors);
    var located = new LinkedHashMap<String, Located>();
    for (var entry : tensors.entrySet()) {
      String name = entry.getKey();
      var shard = entry.getValue();
      if (packing.isPart(name, parts) || isScaleOfFloat8(name)) {
        continue;
      }
      var matrix = packing.matrix(name, parts);
      if (matrix.isPresent()) {
        requireAlone(name, matrix.get().info().name());
        located.put(matrix.get().info().name(), matrix.get());
        continue;
      }
      var info = shard.info(name);
      if (name.endsWith(PackedFloat4.BLOCKS) && locatePacked(located, info, shard)) {
        continue;
      }
      var scale = info.type().equals("F8_E4M3") ? scaleOf(name) : null;
      var weight = new Located(info, to -> shard.load(name, to));
      located.put(
          name,
          scale == null
              ? weight
              : new Located(info, to -> ScaledFloat8.load(shards.folder(), weight, scale, to)));
    }
    located.keySet().removeIf(this::isScaleOfPacked);
    return located;
  }

  private void requireAlone(String packed, String plain) throws ModelFormatException {
    var shard = packed.equals(plain) ? null : tensors.get(plain);
    if (shard != null) {
      throw new ModelFormatException(
          shard.path(),
          "tensor \""
              + plain
              + "\" is also there packed, as \""
              + packed
              + "\"; remove one of them");
    }
  }

  /// The scales of float8 weights, and those of the activations beside them, which stay as they are
  /// here.
  private boolean isScaleOfFloat8(String name) throws IOException {
    var matcher = SCALE_OF_FLOAT8.matcher(name);
    if (!matcher.matches()) {
      return false;
    }
    String weight = matcher.group(1) + ".weight";
    var shard = tensors.get(weight);
    return shard != null && shard.info(weight).type().equals("F8_E4M3");
  }

  private boolean locatePacked(Map<String, Located> located, TensorInfo blocks, Shard shard)
      throws IOException {
    String scalesName = blocks.name().replaceFirst(PackedFloat4.BLOCKS + "$", PackedFloat4.SCALES);
    var scalesShard = tensors.get(scalesName);
    if (scalesShard == null) {
      return false;
    }
    var packed = PackedFloat4.info(blocks, scalesShard.info(scalesName));
    packed.ifPresent(
        info ->
            located.put(
                info.name(),
                new Located(
                    info,
                    to ->
                        PackedFloat4.load(
                            shard.path(),
                            info,
                            shard.bytes(blocks.name()),
                            scalesShard.bytes(scalesName),
                            to))));
    return packed.isPresent();
  }

  /// The scales of packed weights are part of them.
  private boolean isScaleOfPacked(String name) {
    return name.endsWith(PackedFloat4.SCALES)
        && tensors.containsKey(name.replaceFirst(PackedFloat4.SCALES + "$", PackedFloat4.BLOCKS));
  }

  /// The scale that belongs to a float8 weight, under either of its names.
  private @Nullable Located scaleOf(String name) throws IOException {
    for (String suffix : List.of("_scale_inv", "_scale")) {
      var shard = tensors.get(name + suffix);
      if (shard != null) {
        return new Located(shard.info(name + suffix), to -> shard.load(name + suffix, to));
      }
    }
    return null;
  }

  private record SafetensorsShard(Safetensors file) implements Shard {

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public Set<String> names() {
      return file.names();
    }

    @Override
    public TensorInfo info(String name) throws IOException {
      return file.info(name);
    }

    @Override
    public Tensor load(String name, DType to) throws IOException {
      return file.stored(name).load(to);
    }

    @Override
    public MemorySegment bytes(String name) throws IOException {
      return file.bytes(name);
    }
  }

  private record TorchShard(TorchFile file) implements Shard {

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public Set<String> names() {
      return file.names();
    }

    @Override
    public TensorInfo info(String name) throws IOException {
      return file.info(name);
    }

    @Override
    public Tensor load(String name, DType to) throws IOException {
      return file.load(name, to);
    }

    @Override
    public MemorySegment bytes(String name) throws IOException {
      return file.load(name).segment();
    }
  }
}
