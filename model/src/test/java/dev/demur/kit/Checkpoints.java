package dev.demur.kit;

import dev.demur.model.ModelLocator;
import dev.demur.model.arch.family.Family;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/// The tiny checkpoints of every family, with what transformers computed from them
/// (tools/golden/README.md).
public final class Checkpoints {

  /// Seen from every module's folder. Others made by `tools/golden/unseen.py` can take the place of
  /// the committed ones: `-Ddemur.checkpoints=DIR`.
  private static final Path FOLDER =
      Path.of(
          System.getProperty(
              "demur.checkpoints", "../model/src/test/resources/golden/checkpoints"));

  /// Families that normalise what attention and MLP write before it enters the stream. There an
  /// edit of the weights is not what ablation leaves.
  public static final Set<String> POST_NORMS =
      Set.of(
          "exaone4",
          "gemma2",
          "gemma3_text",
          "gemma4_text",
          "gemma4_unified_text",
          "glm4",
          "olmo2",
          "olmo3");

  /// Looked for once: dozens of laws go through them, and each would open every checkpoint.
  private static final List<Named<Path>> ALL = known();

  private static final List<Named<Path>> ONE_OF_EACH = oneOfEachFamily();

  private Checkpoints() {}

  /// Those of a family this version knows; see [EveryCheckpoint].
  public static Stream<Named<Path>> all() {
    return ALL.stream();
  }

  /// One of each family, a folder; see [EveryFamily]. Text beside images is of the family inside.
  public static Stream<Named<Path>> oneOfEach() {
    return ONE_OF_EACH.stream();
  }

  private static List<Named<Path>> known() {
    try (var folders = Files.list(FOLDER)) {
      return folders
          .filter(Files::isDirectory)
          .filter(Checkpoints::isOfAKnownFamily)
          .sorted()
          .map(folder -> Named.of(folder.getFileName().toString(), folder))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Named<Path>> oneOfEachFamily() {
    var kinds = new HashSet<String>();
    return ALL.stream()
        .filter(named -> !Files.exists(named.getPayload().resolve("model.gguf")))
        .filter(named -> kinds.add(textKind(named.getPayload())))
        .toList();
  }

  /// The family of the blocks: that of the text model inside, where there is one.
  private static String textKind(Path folder) {
    try (var files = open(folder)) {
      var config = files.config();
      return config.path("text_config").path("model_type").asString(kind(folder));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String kind(Path folder) {
    try (var files = open(folder)) {
      return files.config().path("model_type").asString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public static Path folder() {
    return FOLDER;
  }

  /// One of them.
  public static Path named(String name) {
    return FOLDER.resolve(name);
  }

  /// A checkpoint's model.
  public static ModelFiles open(Path folder) throws IOException {
    var gguf = folder.resolve("model.gguf");
    return ModelLocator.open(Files.exists(gguf) ? gguf : folder);
  }

  /// A copy one can change, without the reference numbers.
  ///
  /// @param into gets a folder of the checkpoint's name
  /// @return the copy
  public static Path copy(Path folder, Path into) throws IOException {
    Path copy = Files.createDirectories(into.resolve(folder.getFileName().toString()));
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.startsWith("golden")) {
          Files.copy(file, copy.resolve(name));
        }
      }
    }
    return copy;
  }

  /// A checkpoint's numbers.
  public static Safetensors golden(Path folder) throws IOException {
    return Safetensors.open(folder.resolve("golden.safetensors"));
  }

  /// The prompts the numbers are for.
  public static List<TokenIds> prompts(Safetensors golden) throws IOException {
    var prompts = new ArrayList<TokenIds>();
    for (int i = 0; golden.names().contains("prompt." + i + ".tokens"); i++) {
      prompts.add(ids(golden, "prompt." + i + ".tokens"));
    }
    return prompts;
  }

  public static TokenIds ids(Safetensors golden, String name) throws IOException {
    long[] ids = read(golden, name, DType.I64).toLongs();
    return TokenIds.of(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
  }

  public static Tensor tensor(Safetensors golden, String name) throws IOException {
    return read(golden, name, DType.F32);
  }

  public static boolean isOfAKnownFamily(Path folder) {
    return Family.known().containsKey(kind(folder));
  }

  private static Tensor read(Safetensors golden, String name, DType dtype) throws IOException {
    long[] shape = golden.info(name).shape().stream().mapToLong(Long::longValue).toArray();
    return Tensor.map(golden.bytes(name), dtype, shape).copy();
  }
}
