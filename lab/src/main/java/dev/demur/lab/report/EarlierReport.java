package dev.demur.lab.report;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What earlier versions of the program did not write into `report.json`, and how it reads.
///
/// A value is added only where it is missing, so that a report of any version goes through here.
final class EarlierReport {

  /// By the path of the object that lacks it: names and the JSON that stands for "not recorded".
  private static final Map<String, Map<String, String>> ABSENT = new LinkedHashMap<>();

  static {
    ABSENT.put("", Map.of("coherence", "[]", "sensitivity", "[]"));
    ABSENT.put(
        "/config",
        Map.of(
            "prompting", "{\"system\": null, \"thinking\": \"template\", \"variables\": {}}",
            "sensitivity", "{\"systems\": [], \"tokens\": [], \"thinking\": [], \"models\": []}"));
    var rules = Map.of("coordinates", "\"all\"");
    ABSENT.put("/config/rules", rules);
    ABSENT.put("/selection/rules", rules);
    ABSENT.put(
        "/evaluation",
        Map.of(
            "harms", "[]",
            "endings", "[]",
            "categories", "[]",
            "agreements", "[]",
            "disagreements", "[]",
            "calibrations", "[]"));
  }

  private EarlierReport() {}

  /// Adds to a report's `study`, in place, what its version did not record.
  static void completeInPlace(JsonNode study) {
    ABSENT.forEach(
        (path, values) -> {
          if (study.at(path) instanceof ObjectNode object) {
            values.forEach(
                (name, json) -> {
                  if (!object.has(name)) {
                    object.set(name, JsonMapper.shared().readTree(json));
                  }
                });
          }
        });
  }
}
