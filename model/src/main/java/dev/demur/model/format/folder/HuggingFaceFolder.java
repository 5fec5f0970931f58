package dev.demur.model.format.folder;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ConfigClasses;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Quantisation;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.WeightShards;
import dev.demur.model.format.Weights;
import dev.demur.model.format.WeightsHash;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A model as `save_pretrained` of transformers leaves it: `config.json`, weights in one or several
/// files, tokenizer and chat template.
public final class HuggingFaceFolder implements ModelFiles {

  /// Real templates have up to 50 kB.
  private static final long MAX_TEMPLATE_BYTES = 4 << 20;

  private final Path folder;
  private final String name;
  private final ObjectNode config;
  private final ObjectNode generationConfig;
  private final TokenizerFiles tokenizer;
  private final Optional<String> chatTemplate;
  private final WeightsHash hash;
  private final Weights weights;

  private HuggingFaceFolder(Path folder, String name) throws IOException {
    this.folder = folder;
    this.name = name;
    this.config =
        ConfigSpelling.ofTransformers4(BoundedJson.readObject(folder.resolve("config.json")));
    // Before the weights: nobody should fetch gigabytes of a family that is refused.
    ConfigClasses.requireKnown(name, config);
    var quantisation = Quantisation.of(name, config);
    this.generationConfig = optional(folder.resolve("generation_config.json"));
    ObjectNode tokenizerConfig = optional(folder.resolve("tokenizer_config.json"));
    this.tokenizer = tokenizer(folder, tokenizerConfig);
    this.chatTemplate = chatTemplate(folder, tokenizerConfig);
    var shards = WeightShards.find(folder);
    this.hash = new WeightsHash(shards.files());
    this.weights = FolderWeights.open(shards, quantisation);
  }

  /// Opens a folder under its own name.
  ///
  /// @throws ModelFormatException if a file is missing or unsound
  public static HuggingFaceFolder open(Path folder) throws IOException {
    Path fileName = folder.toAbsolutePath().normalize().getFileName();
    return open(folder, String.valueOf(fileName));
  }

  /// Opens a folder under another name, such as `org/name` for one in the hub's cache.
  ///
  /// @throws ModelFormatException if a file is missing or unsound
  public static HuggingFaceFolder open(Path folder, String name) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new ModelFormatException(folder, "no such folder; check the path");
    }
    return new HuggingFaceFolder(folder, name);
  }

  private static ObjectNode optional(Path file) throws IOException {
    return RegularFile.isThere(file) ? BoundedJson.readObject(file) : BoundedJson.emptyObject();
  }

  private static TokenizerFiles tokenizer(Path folder, ObjectNode config) throws IOException {
    Path json = folder.resolve("tokenizer.json");
    if (Files.isRegularFile(json)) {
      return new TokenizerFiles.HuggingFace(json, config);
    }
    var ranks = tiktokenFiles(folder);
    if (ranks.size() == 1) {
      return new TokenizerFiles.Tiktoken(ranks.getFirst(), config);
    }
    throw new ModelFormatException(
        folder,
        "has no tokenizer.json; make one with transformers:"
            + " AutoTokenizer.from_pretrained(folder, use_fast=True).save_pretrained(folder)");
  }

  private static List<Path> tiktokenFiles(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(file -> file.toString().endsWith(".tiktoken")).sorted().toList();
    }
  }

  /// A template in a file of its own goes before the one in the tokenizer's configuration, as in
  /// transformers.
  private static Optional<String> chatTemplate(Path folder, ObjectNode tokenizerConfig)
      throws IOException {
    Path file = folder.resolve("chat_template.jinja");
    if (RegularFile.isThere(file)) {
      return Optional.of(readTemplate(file));
    }
    JsonNode template = tokenizerConfig.path("chat_template");
    if (template.isArray()) {
      return Optional.of(namedTemplate(folder.resolve("tokenizer_config.json"), template));
    }
    return template.isString() ? Optional.of(template.asString()) : Optional.empty();
  }

  private static String readTemplate(Path file) throws IOException {
    if (Files.size(file) > MAX_TEMPLATE_BYTES) {
      throw new ModelFormatException(
          file,
          String.format(
              Locale.ROOT,
              "%,d bytes, expected a template of at most %,d",
              Files.size(file),
              MAX_TEMPLATE_BYTES));
    }
    try {
      return RegularFile.text(file);
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(file, "is not UTF-8; fetch it again", e);
    }
  }

  private static String namedTemplate(Path file, JsonNode templates) throws ModelFormatException {
    for (JsonNode entry : templates) {
      boolean chosen = templates.size() == 1 || entry.path("name").asString("").equals("default");
      if (chosen && entry.path("template").isString()) {
        return entry.path("template").asString();
      }
    }
    throw new ModelFormatException(
        file,
        "chat_template is a list of "
            + templates.size()
            + " templates, none of them named \"default\"; name one so");
  }

  /// Where its files are.
  public Path folder() {
    return folder;
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
    return tokenizer;
  }

  @Override
  public Optional<String> chatTemplate() {
    return chatTemplate;
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
