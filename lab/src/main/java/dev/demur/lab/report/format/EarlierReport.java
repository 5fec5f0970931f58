package dev.demur.lab.report.format;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How `report.json` and a study's `manifest.json` of earlier versions read: what they did not
/// write, and what they called by another name.
///
/// A value is added or renamed only where the new one is missing, so that a file of any version
/// goes through here. A manifest has a report's `config` and `data`. Earlier names of variants are
/// read by the variant itself.
final class EarlierReport {

  /// By the path of the object that lacks it: names and the JSON that stands for "not recorded".
  private static final Map<String, Map<String, String>> ABSENT = new LinkedHashMap<>();

  /// By the path of an object, or of a list of objects: earlier names of fields and today's.
  private static final Map<String, Map<String, String>> RENAMED = new LinkedHashMap<>();

  /// By the path of a list of objects: the field that names a role.
  private static final Map<String, String> ROLES =
      Map.of("/screen/sets", "role", "/data/sets", "role", "/data/overlaps", "left");

  static {
    var none = "[]";
    ABSENT.put(
        "",
        Map.of(
            "coherence",
            none,
            "sensitivity",
            none,
            "separations",
            none,
            "doses",
            none,
            "supplement",
            "{\"opening\": \"\", \"quadrants\": [], \"likeness\": [], \"systems\": [],"
                + " \"attacks\": [], \"said\": [], \"adapter\": []}"));
    ABSENT.put(
        "/config",
        Map.of(
            "prompting", "{\"system\": null, \"thinking\": \"template\", \"variables\": {}}",
            "sensitivity", "{\"systems\": [], \"tokens\": [], \"thinking\": [], \"models\": []}",
            "procedure", "\"usual\"",
            "extent", "\"usual\""));
    ABSENT.put("/supplement", Map.of("about_refusals", none));
    var rules = Map.of("coordinates", "\"all\"", "criterion", "\"bypass\"");
    ABSENT.put("/config/rules", rules);
    ABSENT.put("/selection/rules", rules);
    ABSENT.put("/selection/rows", Map.of("cosmic", "null"));
    ABSENT.put("/selection/chosen", Map.of("cosmic", "null"));
    ABSENT.put(
        "/evaluation",
        Map.of(
            "harms", "[]",
            "endings", "[]",
            "categories", "[]",
            "agreements", "[]",
            "disagreements", "[]",
            "calibrations", "[]",
            "not_judged", "[]"));
    RENAMED.put(
        "/config/evaluation",
        Map.of("target_prompts", "harmful_prompts", "baseline_prompts", "harmless_prompts"));
    RENAMED.put(
        "/screen",
        Map.of("target_refusals", "harmful_refusals", "baseline_refusals", "harmless_refusals"));
    RENAMED.put("/screen/sets", Map.of("name", "role"));
  }

  private EarlierReport() {}

  /// Gives a report's `study`, or a manifest, in place, today's names and what its version did not
  /// record.
  static void completeInPlace(JsonNode study) {
    ABSENT.forEach(
        (path, values) ->
            each(
                study.at(path),
                object ->
                    values.forEach(
                        (name, json) -> {
                          if (!object.has(name)) {
                            object.set(name, JsonMapper.shared().readTree(json));
                          }
                        })));
    RENAMED.forEach(
        (path, names) ->
            each(study.at(path), object -> names.forEach((old, now) -> rename(object, old, now))));
    ROLES.forEach((path, field) -> each(study.at(path), object -> role(object, field)));
  }

  private static void each(JsonNode node, Consumer<ObjectNode> change) {
    if (node instanceof ObjectNode object) {
      change.accept(object);
    } else if (node.isArray()) {
      node.forEach(element -> each(element, change));
    }
  }

  private static void rename(ObjectNode object, String old, String now) {
    if (object.has(old) && !object.has(now)) {
      object.set(now, object.remove(old));
    }
  }

  /// Prompts were called target and baseline.
  private static void role(ObjectNode object, String field) {
    String role = object.path(field).asString("");
    object.put(
        field, role.replaceFirst("^target_", "harmful_").replaceFirst("^baseline_", "harmless_"));
  }
}
