package dev.demur.lab.report.format;

import dev.demur.lab.run.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// How two `report.json` of one study differ, value by value; seconds are left out.
///
/// @param values how many values both have together
/// @param differing paths of values that are not the same, with both
public record ReportDifference(int values, List<Value> differing) {

  /// What depends on the machine's speed alone.
  private static final Set<String> LEFT_OUT = Set.of("timings");

  private static final String NOTHING = "nothing";

  /// A value that differs.
  ///
  /// @param path in the file, for example `evaluation.rates[2].refused.successes`
  public record Value(String path, String first, String second) {}

  public ReportDifference {
    differing = List.copyOf(differing);
  }

  /// Compares the studies of two run folders.
  ///
  /// @throws IOException if one has no report, or not as its manifest says
  public static ReportDifference of(RunFolder first, RunFolder second) throws IOException {
    var found = new Walk();
    found.compare("", study(first), study(second));
    return new ReportDifference(found.values, found.differing);
  }

  /// For programs.
  ///
  /// @param folder of the second study
  public String json(Path folder) {
    var document = new LinkedHashMap<String, Object>();
    document.put("folder", folder.toString());
    document.put("values", values);
    document.put("differing", differing);
    return JsonReport.JSON.writeValueAsString(document) + "\n";
  }

  private static JsonNode study(RunFolder folder) throws IOException {
    folder.verified(RunFolder.REPORT);
    var study =
        JsonReport.JSON
            .readTree(new String(folder.read(RunFolder.REPORT), StandardCharsets.UTF_8))
            .path("study");
    EarlierReport.completeInPlace(study);
    return study;
  }

  /// Changed by every value that is looked at.
  private static final class Walk {
    private final List<Value> differing = new ArrayList<>();
    private int values;

    void compare(String path, JsonNode first, JsonNode second) {
      if (first.isObject() && second.isObject()) {
        var names = new TreeSet<>(first.propertyNames());
        names.addAll(second.propertyNames());
        names.removeAll(LEFT_OUT);
        for (String name : names) {
          compare(path.isEmpty() ? name : path + "." + name, first.path(name), second.path(name));
        }
      } else if (first.isArray() && second.isArray()) {
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
          compare(path + "[" + i + "]", first.path(i), second.path(i));
        }
      } else {
        values++;
        if (!first.equals(second)) {
          differing.add(new Value(path, text(first), text(second)));
        }
      }
    }

    private static String text(JsonNode node) {
      return node.isMissingNode() ? NOTHING : node.toString();
    }
  }
}
