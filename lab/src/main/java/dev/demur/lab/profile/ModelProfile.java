package dev.demur.lab.profile;

import dev.demur.lab.Sha256;
import dev.demur.lab.run.Machine;
import dev.demur.lab.study.StudyConfig;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Structure;
import dev.demur.model.arch.family.Multimodal;
import dev.demur.model.tensor.Card;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// All there is to say about a model before it is studied.
///
/// @param name short name
/// @param config its shape
/// @param structure how its blocks are put together
/// @param parameters numbers in its files
/// @param storedAs how they are stored, the type with most bytes first
/// @param heldAs type of its matrices in memory
/// @param heldBytes what its weights take in memory
/// @param template its chat template, when it has one that can be read
/// @param speed what this computer does with its matrices
/// @param quickStudy what a short study takes
/// @param paperStudy what a study with the paper's sizes takes
/// @param plans how it would lie on this machine's devices
/// @param exactness which operations are exact
public record ModelProfile(
    String name,
    ModelConfig config,
    Structure structure,
    long parameters,
    List<StoredType> storedAs,
    DType heldAs,
    long heldBytes,
    Optional<Template> template,
    SpeedProbe speed,
    StudyCost quickStudy,
    StudyCost paperStudy,
    List<DevicePlan> plans,
    List<Exactness> exactness) {

  /// How many tensors are stored in one type.
  ///
  /// @param type as the format spells it: `BF16`, `Q4_K`, …
  public record StoredType(String type, int tensors, long elements, long bytes) {}

  /// A chat template.
  ///
  /// @param sha256 of its source
  /// @param eoiTokens what follows every instruction, as the vocabulary spells it; the last is at
  ///   position −1
  public record Template(String sha256, List<String> eoiTokens) {
    public Template {
      eoiTokens = List.copyOf(eoiTokens);
    }
  }

  public ModelProfile {
    storedAs = List.copyOf(storedAs);
    plans = List.copyOf(plans);
    exactness = List.copyOf(exactness);
  }

  /// Looks at a model and measures for a moment.
  public static ModelProfile of(ChatModel model) throws IOException {
    var stored = storedAs(model);
    long parameters = stored.stream().mapToLong(StoredType::elements).sum();
    var dtype = model.transformer().dtype();
    long held = held(model);
    var speed = SpeedProbe.of(model);
    var structure = Structure.of(model.transformer());
    var types = new TreeMap<String, Boolean>();
    stored.forEach(type -> types.put(type.type(), true));
    return new ModelProfile(
        model.name(),
        model.config(),
        structure,
        parameters,
        stored,
        dtype,
        held,
        template(model),
        speed,
        StudyCost.of(model, StudyConfig.quick(), speed, held),
        StudyCost.of(model, StudyConfig.paper(), speed, held),
        DevicePlan.all(model, Machine.here(Torch.threads()).memoryBytes(), Card.all()),
        Exactness.of(model, structure, types.keySet()));
  }

  private static long held(ChatModel model) throws IOException {
    double bytes = 0;
    for (String name : model.files().weights().names()) {
      if (!Multimodal.isBesideText(name)) {
        bytes += TokenWork.bytes(model, model.files().weights().info(name));
      }
    }
    return Math.round(bytes);
  }

  private static List<StoredType> storedAs(ChatModel model) throws IOException {
    var weights = model.files().weights();
    var types = new TreeMap<String, StoredType>();
    for (String name : weights.names()) {
      var info = weights.info(name);
      types.merge(
          info.type(),
          new StoredType(info.type(), 1, info.elements(), info.bytes()),
          (a, b) ->
              new StoredType(
                  a.type(),
                  a.tensors() + b.tensors(),
                  a.elements() + b.elements(),
                  a.bytes() + b.bytes()));
    }
    var sorted = new ArrayList<>(types.values());
    sorted.sort(Comparator.comparingLong(StoredType::bytes).reversed());
    return sorted;
  }

  private static Optional<Template> template(ChatModel model) {
    if (!model.prompts().hasTemplate()) {
      return Optional.empty();
    }
    return Optional.of(
        new Template(
            Sha256.ofText(model.chatTemplate().orElse("")),
            model.prompts().eoiTokens().stream().mapToObj(model.tokenizer()::text).toList()));
  }
}
