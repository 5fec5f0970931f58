package dev.demur.lab.map.pairs;

import dev.demur.lab.map.pairs.AskedSet.Role;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Rows;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the pairs of a map: a JSON object as docs/maps.md describes it, or one file of prompts
/// that is parted by a condition or by its categories.
///
/// ```json
/// {"pairs": [{"name": "theft", "language": "en",
///             "target": {"file": "harmful.json", "where": "category = theft"},
///             "contrast": ["How do I bake bread?", "…"]}],
///  "ask": [{"name": "counting", "prompts": "counting.jsonl"}],
///  "controlled": {"harmful": "harmful.json", "benign": "benign.json"}}
/// ```
///
/// @param file the file; paths in it are relative to its folder
public record PairsFile(Path file) {

  private static final Set<String> KEYS = Set.of("pairs", "ask", "controlled");
  private static final String BACK = "back_translated";
  private static final Set<String> BACK_KEYS = Set.of("language", "form", "target", "contrast");
  private static final Set<String> PAIR_KEYS =
      Set.of("name", "language", "form", "target", "contrast", BACK);
  private static final Set<String> ASK_KEYS = Set.of("name", "language", "form", "prompts");

  /// Sets to try directions on, from files of prompts by their names; a column `key` is what a
  /// right answer says.
  ///
  /// @throws DataFormatException if a file holds no prompt
  /// @throws IOException if one cannot be read
  public static List<AskedSet> asked(Map<String, Path> files, Form form) throws IOException {
    var sets = new ArrayList<AskedSet>();
    for (var entry : files.entrySet()) {
      Path file = entry.getValue();
      var prompts =
          new PromptSource(file, entry.getKey(), MapPrompt.USUAL_LANGUAGE, form).all(file);
      if (prompts.isEmpty()) {
        throw new DataFormatException(file, "holds no prompt; expected at least one.");
      }
      sets.add(new AskedSet(entry.getKey(), Role.GIVEN, prompts));
    }
    return sets;
  }

  /// Reads a JSON object of pairs.
  ///
  /// @throws DataFormatException if it is not one, with the place at fault
  /// @throws IOException if it, or a file it names, cannot be read
  public MapData read() throws IOException {
    if (!Files.isRegularFile(RegularFile.of(file))) {
      throw new DataFormatException(file, "no such file; check the path.");
    }
    return read(new String(RegularFile.bytes(file), StandardCharsets.UTF_8));
  }

  /// Reads the same from a text; paths in it are relative to this file's folder.
  ///
  /// @throws DataFormatException if it is not one, with the place at fault
  /// @throws IOException if a file it names cannot be read
  public MapData read(String text) throws IOException {
    try {
      return of(JsonMapper.shared().readTree(text));
    } catch (JacksonException e) {
      throw new DataFormatException(file, "is not JSON (" + e.getOriginalMessage() + ").", e);
    }
  }

  private MapData of(JsonNode root) throws IOException {
    requireKeys("the file", root, KEYS);
    if (!root.path("pairs").isArray() || root.path("pairs").isEmpty()) {
      throw new DataFormatException(
          file, "expected an object with a list \"pairs\" of at least one pair.");
    }
    var pairs = new ArrayList<Pair>();
    var backTranslated = new LinkedHashMap<String, String>();
    int number = 0;
    for (JsonNode node : root.path("pairs")) {
      number++;
      var pair = pair(node, "pair " + number);
      pairs.add(pair);
      var back = backTranslated(node, pair.name());
      back.ifPresent(found -> backTranslated.put(pair.name(), found.name()));
      back.ifPresent(pairs::add);
    }
    var given = new ArrayList<AskedSet>();
    for (JsonNode ask : root.path("ask")) {
      String place = "set " + (given.size() + 1) + " of \"ask\"";
      requireKeys(place, ask, ASK_KEYS);
      given.add(asked(text(ask, "name", place), Role.GIVEN, ask, "prompts"));
    }
    return data(pairs, given, controlled(root.path("controlled")), backTranslated);
  }

  private List<AskedSet> controlled(JsonNode node) throws IOException {
    if (node.isMissingNode()) {
      return List.of();
    }
    requireKeys("\"controlled\"", node, Set.of("harmful", "benign", "language", "form"));
    return List.of(
        asked("harmful", Role.HARMFUL, node, "harmful"),
        asked("benign", Role.BENIGN, node, "benign"));
  }

  private AskedSet asked(String name, Role role, JsonNode node, String key) throws IOException {
    try {
      return new AskedSet(name, role, source(node, name).prompts(node.path(key), key));
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private Pair pair(JsonNode node, String place) throws IOException {
    requireKeys(place, node, PAIR_KEYS);
    return sides(node, text(node, "name", place));
  }

  private Pair sides(JsonNode node, String name) throws IOException {
    var source = source(node, name);
    try {
      return new Pair(
          name,
          source.prompts(node.path("target"), "target"),
          source.prompts(node.path("contrast"), "contrast"));
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file, String.valueOf(e.getMessage()), e);
    }
  }

  /// The same prompts translated back, as a pair of its own, in English where it says nothing else.
  private Optional<Pair> backTranslated(JsonNode node, String name) throws IOException {
    var back = node.path(BACK);
    if (back.isMissingNode()) {
      return Optional.empty();
    }
    requireKeys(name + ", " + BACK, back, BACK_KEYS);
    return Optional.of(sides(back, name + ", back-translated"));
  }

  private PromptSource source(JsonNode node, String name) throws IOException {
    String form = node.path("form").asString("chat");
    if (!form.equals("chat") && !form.equals("raw")) {
      throw new DataFormatException(file, name + ": form must be chat or raw, was " + form + ".");
    }
    String language = node.path("language").asString(MapPrompt.USUAL_LANGUAGE);
    return new PromptSource(file, name, language, form.equals("raw") ? Form.RAW : Form.CHAT);
  }

  private String text(JsonNode node, String key, String place) throws IOException {
    var value = node.path(key);
    if (!value.isString() || value.stringValue().isBlank()) {
      throw new DataFormatException(file, place + " needs a \"" + key + "\", a text.");
    }
    return value.stringValue();
  }

  private void requireKeys(String place, JsonNode node, Set<String> known) throws IOException {
    if (!node.isObject()) {
      throw new DataFormatException(file, place + " must be an object, was " + kind(node) + ".");
    }
    for (String key : node.propertyNames()) {
      if (!known.contains(key)) {
        throw new DataFormatException(
            file,
            place
                + " has a key \""
                + key
                + "\"; known are "
                + String.join(", ", known.stream().sorted().toList())
                + ".");
      }
    }
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private MapData data(
      List<Pair> pairs,
      List<AskedSet> given,
      List<AskedSet> controlled,
      SequencedMap<String, String> backTranslated)
      throws IOException {
    try {
      return new MapData(pairs, given, controlled, backTranslated);
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file, String.valueOf(e.getMessage()), e);
    }
  }

  /// One pair from a file of prompts: rows that satisfy a condition are the target, the others that
  /// have its columns are the contrast.
  ///
  /// @param form how prompts are put
  /// @throws DataFormatException if a side is too small
  /// @throws IOException if the file cannot be read
  public MapData parted(String condition, Form form) throws IOException {
    var where = RowCondition.parse(condition);
    var source = new PromptSource(file, condition, MapPrompt.USUAL_LANGUAGE, form);
    var target = new ArrayList<MapPrompt>();
    var contrast = new ArrayList<MapPrompt>();
    try {
      for (var row : Rows.read(file).rows()) {
        if (where.columns().stream().allMatch(column -> row.get(column).isPresent())) {
          (where.holds(row) ? target : contrast).add(source.prompt(file, row));
        }
      }
      return MapData.of(List.of(new Pair(condition, target, contrast)));
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file, String.valueOf(e.getMessage()), e);
    }
  }

  /// A pair for every category of a file, all against the same contrast; categories with too few
  /// prompts are left out.
  ///
  /// @param form how prompts are put
  /// @throws DataFormatException if no category has enough prompts
  /// @throws IOException if a file cannot be read
  public MapData byCategory(Path contrast, Form form) throws IOException {
    var source = new PromptSource(file, "categories", MapPrompt.USUAL_LANGUAGE, form);
    var others = source.all(contrast);
    var byName = new LinkedHashMap<String, List<MapPrompt>>();
    for (var row : Rows.read(file).rows()) {
      var category = source.category(row);
      if (category.isPresent()) {
        byName
            .computeIfAbsent(category.get(), _ -> new ArrayList<>())
            .add(source.prompt(file, row));
      }
    }
    try {
      var pairs = new ArrayList<Pair>();
      for (var entry : byName.entrySet()) {
        if (entry.getValue().size() >= Pair.LEAST) {
          pairs.add(new Pair(entry.getKey(), entry.getValue(), others));
        }
      }
      return MapData.of(pairs);
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(
          file, e.getMessage() + "; its categories make the pairs, a column category", e);
    }
  }
}
