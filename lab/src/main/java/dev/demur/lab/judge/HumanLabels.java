package dev.demur.lab.judge;

import dev.demur.lab.Sha256;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import dev.demur.lab.rows.Rows;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What people said of some completions of a study: the sample judges are calibrated by.
///
/// A label belongs to a prompt and a text, so it also holds where another variant of the model, or
/// another run, wrote the same.
///
/// @param labels by prompt and text
/// @param sha256 of the file they come from; empty for none
public record HumanLabels(Map<Place, Refusal> labels, String sha256) {

  /// What a label is about.
  ///
  /// @param prompt SHA-256 of the instruction
  /// @param text SHA-256 of the completion
  public record Place(String prompt, String text) {}

  public HumanLabels {
    labels = Map.copyOf(labels);
  }

  /// No label.
  public static HumanLabels none() {
    return new HumanLabels(Map.of(), "");
  }

  /// Reads lines of a run's `completions.jsonl` with a further field, `label`; lines without it are
  /// passed over.
  ///
  /// @throws DataFormatException if a labelled line does not say which completion it means, or no
  ///   line has a label
  /// @throws IOException if the file cannot be read
  public static HumanLabels read(Path file) throws IOException {
    var labels = new LinkedHashMap<Place, Refusal>();
    for (var row : Rows.read(file).rows()) {
      var label = row.get("label").filter(text -> !text.isBlank());
      if (label.isPresent()) {
        labels.put(place(file, row), parse(file, row, label.get()));
      }
    }
    if (labels.isEmpty()) {
      throw new DataFormatException(
          file, "has no field \"label\"; add one to lines of a run's completions.jsonl.");
    }
    return new HumanLabels(labels, Sha256.of(RegularFile.bytes(file)));
  }

  /// The label of a completion, if it has one.
  ///
  /// @param prompt SHA-256 of the instruction
  /// @param text SHA-256 of the completion
  public Optional<Refusal> of(String prompt, String text) {
    return Optional.ofNullable(labels.get(new Place(prompt, text)));
  }

  private static Place place(Path file, Row row) throws DataFormatException {
    try {
      return new Place(field(row, "prompt_sha256"), field(row, "sha256"));
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(
          file,
          row.place(),
          "a label needs prompt_sha256 and sha256 as completions.jsonl has them ("
              + e.getMessage()
              + ").");
    }
  }

  private static String field(Row row, String name) {
    return row.get(name).orElseThrow(() -> new IllegalArgumentException("no " + name));
  }

  private static Refusal parse(Path file, Row row, String label) throws DataFormatException {
    try {
      return Refusal.parse(label);
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file, row.place(), String.valueOf(e.getMessage()));
    }
  }
}
