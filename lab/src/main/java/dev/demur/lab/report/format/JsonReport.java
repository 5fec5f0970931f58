package dev.demur.lab.report.format;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.paper.PaperSections;
import dev.demur.lab.report.study.StudyReport;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.study.StudyResult;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A study as `report.json`: the study itself, which reads back to an equal value, and the report's
/// tables with their intervals. The layout is in `docs/formats.md`.
public final class JsonReport {

  /// Value of `format`.
  public static final String FORMAT = "demur-report";

  /// Value of `version`; raised when a reader of the old layout would misread the new.
  public static final int VERSION = 2;

  /// How all of this package's files are written.
  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(i -> i.withValueInclusion(Include.ALWAYS))
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private JsonReport() {}

  /// The file's text.
  public static String write(StudyResult study) {
    var tables = new LinkedHashMap<String, Object>();
    for (var table : StudyReport.of(study, List.of(), PaperSections.of(study)).tables()) {
      tables.put(table.id(), rows(table));
    }
    var document = new LinkedHashMap<String, Object>();
    document.put("format", FORMAT);
    document.put("version", VERSION);
    document.put("study", study);
    document.put("tables", tables);
    return JSON.writeValueAsString(document) + "\n";
  }

  /// Reads the study of a `report.json`.
  ///
  /// Reports of earlier versions read as well: what they did not record is empty.
  ///
  /// @throws DataFormatException if the file is not one, or of a newer version
  public static StudyResult read(Path file) throws IOException {
    String text = RegularFile.text(file);
    try {
      JsonNode root = JSON.readTree(text);
      if (!root.path("format").asString("").equals(FORMAT)) {
        throw new DataFormatException(
            file, "expected \"format\": \"" + FORMAT + "\"; name a report.json that Demur wrote.");
      }
      int version = root.path("version").asInt(0);
      if (version < 1 || version > VERSION) {
        throw new DataFormatException(
            file,
            String.format(
                Locale.ROOT,
                "has version %d; this Demur reads 1 to %d. Use the Demur that wrote it, or run the"
                    + " study again.",
                version,
                VERSION));
      }
      EarlierReport.completeInPlace(root.path("study"));
      return JSON.treeToValue(root.path("study"), StudyResult.class);
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new DataFormatException(
          file,
          "is not a report this version reads (%s%s); write it again from its run folder."
              .formatted(at == null ? "" : "line " + at.getLineNr() + ": ", e.getOriginalMessage()),
          e);
    }
  }

  private static List<Map<String, Object>> rows(Table table) {
    var rows = new ArrayList<Map<String, Object>>();
    for (var row : table.rows()) {
      var values = new LinkedHashMap<String, Object>();
      for (int i = 0; i < row.cells().size(); i++) {
        put(values, table.columns().get(i), row.cells().get(i));
      }
      rows.add(values);
    }
    return rows;
  }

  private static void put(Map<String, Object> values, Column column, Cell cell) {
    switch (cell) {
      case Text(var words) -> values.put(column.key(), words);
      case Code(var code) -> values.put(column.key(), code);
      case Count(var n) -> values.put(column.key(), n);
      case Ordinal(var n) -> values.put(column.key(), n);
      case Amount(var value, _) -> values.put(column.key(), value);
      case Range(var interval, _) -> {
        values.put(column.key() + "_low", interval.low());
        values.put(column.key() + "_high", interval.high());
      }
      case Missing _ -> CsvTable.names(column).forEach(name -> values.put(name, JSON.nullNode()));
    }
  }
}
