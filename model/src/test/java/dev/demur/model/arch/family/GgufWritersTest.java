package dev.demur.model.arch.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Scoped;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.format.gguf.Gguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What writes to the stream is found under the names of GGUF, too.
@Scoped
class GgufWritersTest {

  private static final Path FILES = Path.of("src/test/resources/golden/gguf-families");

  static List<Named<Path>> files() throws IOException {
    try (var files = Files.list(FILES)) {
      return files
          .filter(file -> file.toString().endsWith(".gguf"))
          .sorted()
          .map(file -> Named.of(file.getFileName().toString(), file))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void theyAreAsManyAsUnderTheNamesOfAFolder(Path file) throws IOException {
    try (var model = ModelLocator.open(file);
        var stored = Gguf.open(file)) {
      var inFolder = Writers.of(model).tensors();
      var inFile = Writers.of(stored, model).tensors();
      for (var component : Component.values()) {
        // Experts are stacked, so layers are counted and not matrices.
        assertThat(layers(inFile, component))
            .as("%s", component)
            .isEqualTo(layers(inFolder, component));
      }
      assertThat(matricesBehindNorms(inFile)).isEqualTo(matricesBehindNorms(inFolder));
    }
  }

  private static List<Integer> layers(List<StreamWriter> writers, Component component) {
    return of(writers, component).map(w -> w.layer().orElse(-1)).distinct().sorted().toList();
  }

  /// How many norms each layer's outputs pass, most and fewest.
  private static Object matricesBehindNorms(List<StreamWriter> writers) {
    return writers.stream()
        .filter(w -> !w.isBias())
        .collect(
            Collectors.groupingBy(
                w -> w.component() + " " + w.layer(),
                Collectors.mapping(
                    w -> w.after().map(norms -> norms.tensors().size()).orElse(0),
                    Collectors.toSet())));
  }

  private static Stream<StreamWriter> of(List<StreamWriter> writers, Component component) {
    return writers.stream().filter(w -> w.component() == component && !w.isBias());
  }
}
