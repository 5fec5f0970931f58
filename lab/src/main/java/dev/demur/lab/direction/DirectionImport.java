package dev.demur.lab.direction;

import dev.demur.lab.LabRemedy;
import dev.demur.model.TensorFile;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.remedy.RequestException;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Takes a direction out of another tool's file: `direction.pt` and `mean_diffs.pt` of the code
/// released with Arditi et al. 2024, control vectors of repeng and llama.cpp (GGUF), and any
/// safetensors or PyTorch file that holds a vector, `[d_model]`, a row per layer, `[layer,
/// d_model]`, or a grid, `[pos, layer, d_model]`.
///
/// Such files disagree silently on operation, site and layer numbering. What a file does not say
/// has to be said in the request; nothing is assumed.
public final class DirectionImport {

  /// A control vector's tensors.
  private static final Pattern NUMBERED = Pattern.compile("direction\\.(\\d{1,6})");

  /// Written where a file does not say at which position a direction was read. No operation depends
  /// on it.
  private static final int UNTOLD_POSITION = -1;

  private static final int NAMES_SHOWN = 6;

  private final TensorFile file;
  private final ImportRequest request;
  private final ReleasedMetadata beside;
  private final Map<LabRemedy, String> missing = new LinkedHashMap<>();

  /// A direction taken out of a file.
  ///
  /// @param direction the direction
  /// @param operations what it is for
  /// @param model the model the file says it belongs to
  public record Imported(Direction direction, Set<Operation> operations, Optional<String> model) {
    public Imported {
      operations = Set.copyOf(operations);
    }
  }

  private DirectionImport(TensorFile file, ImportRequest request, ReleasedMetadata beside) {
    this.file = file;
    this.request = request;
    this.beside = beside;
  }

  /// Reads one direction.
  ///
  /// @throws IllegalArgumentException if file and request together leave something open; the
  ///   message and remedies name all that is missing
  /// @throws ModelFormatException if the file is unsound or holds no such direction
  public static Imported read(Path path, ImportRequest request) throws IOException {
    try (var file = TensorFile.open(path)) {
      if (DirectionFile.FORMAT.equals(file.metadata().get("format"))) {
        throw new ModelFormatException(
            path, "is a direction file of Demur already; use it as it is");
      }
      return new DirectionImport(file, request, ReleasedMetadata.beside(path)).read();
    }
  }

  private Imported read() throws IOException {
    boolean isGrid = CandidatesFile.FORMAT.equals(file.metadata().get("format"));
    if (request.operations().isEmpty()) {
      missing.put(LabRemedy.SAY_OPERATION, "what it is for (ablation, addition or both)");
    }
    var site = isGrid ? Optional.of(Site.RESID_PRE) : request.site();
    if (site.isEmpty()) {
      missing.put(
          LabRemedy.SAY_SITE, "where in a block it was read (such as resid_pre or resid_post)");
    }
    var vector = isControlVector() ? controlVector() : plainVector();
    if (!missing.isEmpty()) {
      throw new RequestException(
          file.path() + " does not say " + String.join("; nor ", missing.values()),
          List.copyOf(missing.keySet()));
    }
    var found = vector.orElseThrow();
    var direction =
        Direction.fromMeanDiff(
            found.vector(), new HookPoint(found.layer(), site.orElseThrow()), found.position());
    return new Imported(
        direction,
        request.operations(),
        Optional.ofNullable(file.metadata().get("controlvector.model_hint")));
  }

  /// @param layer index of the block, from 0
  private record Found(Tensor vector, int layer, int position) {}

  // ---- control vectors -------------------------------------------------------------------------

  private boolean isControlVector() {
    return file.format() == TensorFile.Format.GGUF;
  }

  private Optional<Found> controlVector() throws IOException {
    var layers = new TreeMap<Integer, String>();
    for (String name : file.names()) {
      var matcher = NUMBERED.matcher(name);
      if (matcher.matches()) {
        layers.put(Integer.parseInt(matcher.group(1)), name);
      }
    }
    if (layers.isEmpty()) {
      throw new ModelFormatException(
          file.path(), "holds no tensor direction.N; it is not a control vector");
    }
    if (request.numbering().isEmpty()) {
      missing.put(LabRemedy.SAY_NUMBERING, "what number it gives the first block (0 or 1)");
    }
    var number =
        request.layer().isEmpty() && layers.size() == 1
            ? OptionalInt.of(layers.firstKey())
            : request.layer();
    if (number.isEmpty()) {
      missing.put(
          LabRemedy.SAY_LAYER,
          "which of its layers to take (one of " + numbers(layers.keySet()) + ")");
    }
    if (!missing.isEmpty()) {
      return Optional.empty();
    }
    String name = layers.get(number.getAsInt());
    if (name == null) {
      throw new ModelFormatException(
          file.path(),
          "holds no direction." + number.getAsInt() + ", only " + numbers(layers.keySet()));
    }
    int block =
        request
            .numbering()
            .orElseThrow()
            .block(number.getAsInt())
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        file.path(), "has a direction.0, so it does not number from 1"));
    return Optional.of(new Found(vector(name), block, position()));
  }

  private static String numbers(Set<Integer> numbers) {
    int first = Collections.min(numbers);
    int last = Collections.max(numbers);
    return last - first + 1 == numbers.size()
        ? first + " to " + last
        : numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  // ---- other files -----------------------------------------------------------------------------

  private Optional<Found> plainVector() throws IOException {
    var name = request.tensor().or(this::onlyTensor);
    if (name.isEmpty()) {
      missing.put(
          LabRemedy.SAY_TENSOR, "which tensor is the direction (one of " + shownNames() + ")");
      return Optional.empty();
    }
    var shape = file.info(name.get()).shape();
    var layer = request.layer().isPresent() ? request.layer() : beside.layer();
    if (layer.isEmpty()) {
      missing.put(LabRemedy.SAY_LAYER, "at which layer it was read (from 0)");
    }
    if (shape.size() == 3 && request.position().isEmpty() && beside.position().isEmpty()) {
      missing.put(LabRemedy.SAY_POSITION, "at which position it was read (such as -1)");
    }
    if (!missing.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Found(vector(name.get(), layer.getAsInt()), layer.getAsInt(), position()));
  }

  private Optional<String> onlyTensor() {
    return file.names().size() == 1
        ? Optional.of(file.names().iterator().next())
        : Optional.empty();
  }

  private String shownNames() {
    var names = file.names().stream().limit(NAMES_SHOWN).toList();
    return String.join(", ", names) + (file.names().size() > names.size() ? ", …" : "");
  }

  private Tensor vector(String name, int layer) throws IOException {
    var shape = file.info(name).shape();
    return switch (shape.size()) {
      case 1 -> vector(name);
      case 2 -> load(name).row(shape.get(0) == 1 ? 0 : index(name, "layer", layer, shape.get(0)));
      case 3 -> {
        long positions = shape.get(0);
        int row = index(name, "position", Math.toIntExact(positions) + position(), positions);
        yield load(name).row(row).row(index(name, "layer", layer, shape.get(1)));
      }
      default ->
          throw new ModelFormatException(
              file.path(),
              "tensor \"%s\" has shape %s, expected [d_model], [layer, d_model] or [pos, layer, d_model]"
                  .formatted(name, shape));
    };
  }

  private int index(String tensor, String what, int index, long extent)
      throws ModelFormatException {
    if (index < 0 || index >= extent) {
      throw new ModelFormatException(
          file.path(),
          "tensor \"%s\" of shape %s has no such %s"
              .formatted(tensor, file.info(tensor).shape(), what));
    }
    return index;
  }

  private Tensor vector(String name) throws IOException {
    var shape = file.info(name).shape();
    if (shape.size() != 1) {
      throw new ModelFormatException(
          file.path(), "tensor \"" + name + "\" has shape " + shape + ", expected [d_model]");
    }
    return load(name);
  }

  private Tensor load(String name) throws IOException {
    long elements = file.info(name).elements();
    if (elements == 0) {
      throw new ModelFormatException(file.path(), "tensor \"" + name + "\" is empty");
    }
    return file.load(name);
  }

  private int position() {
    return request.position().isPresent()
        ? request.position().getAsInt()
        : beside.position().orElse(UNTOLD_POSITION);
  }
}
