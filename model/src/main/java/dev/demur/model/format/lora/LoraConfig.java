package dev.demur.model.format.lora;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What `adapter_config.json` says about a LoRA adapter. Whatever it asks for that is not known
/// here is refused by name: an adapter applied in part is another model.
///
/// Source: `LoraConfig` of the Python package peft 0.21.
///
/// @param file the file, for error messages
/// @param rank `r`
/// @param alpha `lora_alpha`
/// @param stabilised true to scale by alpha / √r (`use_rslora`) and not by alpha / r
/// @param ranks ranks of modules that have another, by expression
/// @param alphas alphas of modules that have another, by expression
/// @param targets which modules are adapted
/// @param saved names of modules that are replaced as a whole (`modules_to_save`)
/// @param bias which biases are replaced: `none`, `all` or `lora_only`
public record LoraConfig(
    Path file,
    long rank,
    double alpha,
    boolean stabilised,
    Map<String, Double> ranks,
    Map<String, Double> alphas,
    ModuleNames targets,
    List<String> saved,
    String bias) {

  private static final String NAME = "adapter_config.json";

  /// Keys that are read here, or that say nothing about what the adapted model computes.
  private static final Set<String> KNOWN =
      Set.of(
          "alpha_pattern",
          "auto_mapping",
          "base_model_name_or_path",
          "bias",
          "corda_config",
          "eva_config",
          "exclude_modules",
          "fan_in_fan_out",
          "inference_mode",
          "init_lora_weights",
          "layers_pattern",
          "layers_to_transform",
          "loftq_config",
          "lora_alpha",
          "lora_dropout",
          "lora_ga_config",
          "megatron_core",
          "modules_to_save",
          "peft_type",
          "peft_version",
          "qalora_group_size",
          "r",
          "rank_pattern",
          "revision",
          "runtime_config",
          "target_modules",
          "task_type",
          "use_rslora",
          "velora_config");

  /// Ways to begin training that leave the base model as it is. The others (PiSSA, OLoRA, CorDA,
  /// LoftQ, LoRA-GA) take something out of the base first, which the adapter does not say.
  private static final Set<String> HARMLESS_STARTS =
      Set.of("gaussian", "eva", "orthogonal", "mica");

  private static final Set<String> BIASES = Set.of("none", "all", "lora_only");

  /// Far more than any adapter has.
  private static final int MAX_RANK = 1 << 16;

  public LoraConfig {
    // The first match counts, so the order is kept.
    ranks = Collections.unmodifiableMap(new LinkedHashMap<>(ranks));
    alphas = Collections.unmodifiableMap(new LinkedHashMap<>(alphas));
    saved = List.copyOf(saved);
  }

  public static boolean isIn(Path folder) throws IOException {
    return RegularFile.isThere(folder.resolve(NAME));
  }

  /// Reads the configuration of the adapter in a folder.
  ///
  /// @throws ModelFormatException if there is none, or it asks for what is not known here
  static LoraConfig read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException(
          folder, "holds no " + NAME + "; expected a folder as save_pretrained of peft leaves it");
    }
    return of(file, BoundedJson.readObject(file));
  }

  private static LoraConfig of(Path file, ObjectNode json) throws ModelFormatException {
    String type = json.path("peft_type").asString("");
    if (!type.equals("LORA")) {
      throw new ModelFormatException(
          file, "peft_type is \"" + shown(type) + "\", only \"LORA\" is known");
    }
    refuseUnknown(file, json);
    String bias = json.path("bias").asString("none");
    if (!BIASES.contains(bias)) {
      throw new ModelFormatException(
          file, "bias is \"" + shown(bias) + "\", expected none, all or lora_only");
    }
    return new LoraConfig(
        file,
        (long) positive(file, "r", json.path("r")),
        positive(file, "lora_alpha", json.path("lora_alpha")),
        json.path("use_rslora").asBoolean(false),
        pattern(file, json, "rank_pattern"),
        pattern(file, json, "alpha_pattern"),
        ModuleNames.of(file, json.path("target_modules")),
        strings(json.path("modules_to_save")),
        bias);
  }

  private static void refuseUnknown(Path file, ObjectNode json) throws ModelFormatException {
    for (var entry : json.properties()) {
      if (!KNOWN.contains(entry.getKey()) && isSet(entry.getValue())) {
        String what = entry.getKey().equals("use_dora") ? "DoRA (use_dora)" : shown(entry.getKey());
        throw new ModelFormatException(
            file,
            "asks for "
                + what
                + ", which is not known here; merge the adapter with peft (merge_and_unload) and"
                + " open the result");
      }
    }
    var start = json.path("init_lora_weights");
    if (start.isString() && !HARMLESS_STARTS.contains(start.asString())) {
      throw new ModelFormatException(
          file,
          "init_lora_weights is \""
              + shown(start.asString())
              + "\", which changes the base model as well; save the adapter as plain LoRA"
              + " (path_initial_model_for_weight_conversion of save_pretrained)");
    }
  }

  private static boolean isSet(JsonNode value) {
    return !value.isNull() && !(value.isContainer() && value.isEmpty()) && !isOff(value);
  }

  private static boolean isOff(JsonNode value) {
    return value.isBoolean() && !value.booleanValue();
  }

  private static Map<String, Double> pattern(Path file, ObjectNode json, String key)
      throws ModelFormatException {
    var pattern = new LinkedHashMap<String, Double>();
    for (var entry : json.path(key).properties()) {
      pattern.put(entry.getKey(), positive(file, key, entry.getValue()));
    }
    return pattern;
  }

  private static double positive(Path file, String key, JsonNode value)
      throws ModelFormatException {
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    boolean sound = number > 0 && number <= MAX_RANK;
    if (!sound || (key.startsWith("r") && number != Math.rint(number))) {
      throw new ModelFormatException(
          file,
          key + " is " + shown(value.toString()) + ", expected a number from 1 to " + MAX_RANK);
    }
    return number;
  }

  private static List<String> strings(JsonNode list) {
    var strings = new ArrayList<String>();
    list.forEach(element -> strings.add(element.asString("")));
    return strings;
  }

  private static String shown(String text) {
    String start = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }

  /// The rank of one module.
  long rankOf(String module) throws ModelFormatException {
    return (long) patterned(ranks, module, (double) rank);
  }

  /// What the product of a module's two matrices is multiplied by.
  double factorOf(String module) throws ModelFormatException {
    double own = rankOf(module);
    return patterned(alphas, module, alpha) / (stabilised ? Math.sqrt(own) : own);
  }

  /// The value of the first expression that matches the end of the module's name, as peft has it.
  private double patterned(Map<String, Double> pattern, String module, double usual)
      throws ModelFormatException {
    for (var entry : pattern.entrySet()) {
      if (ModuleNames.matches(file, "(.*\\.)?(" + entry.getKey() + ")", module)) {
        return entry.getValue();
      }
    }
    return usual;
  }

  /// Whether a module, or one it lies in, is replaced as a whole.
  boolean saves(String module) {
    return saved.stream().anyMatch(name -> ("." + module + ".").contains("." + name + "."));
  }
}
