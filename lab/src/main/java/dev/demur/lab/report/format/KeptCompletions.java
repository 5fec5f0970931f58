package dev.demur.lab.report.format;

import dev.demur.lab.prompts.LabelledPrompt;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.study.CompletionRow;
import dev.demur.lab.study.StudyData;
import dev.demur.lab.study.StudyResult.SetFacts;
import dev.demur.lab.study.StudyRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Completions of a study beside the prompts they answer.
///
/// @param run the study
/// @param data its prompts
record KeptCompletions(StudyRun run, StudyData data) {

  /// A row of the released code's completion files.
  public record Released(String category, String prompt, String response) {}

  /// All of them, file by file, under the names and in the layout of the released code.
  Map<String, List<Released>> released() {
    var files = new LinkedHashMap<String, List<Released>>();
    for (var row : kept().toList()) {
      var prompt = prompt(row);
      files
          .computeIfAbsent(file(row), _ -> new ArrayList<>())
          .add(
              new Released(
                  prompt.category().orElse("none"),
                  prompt.instruction(),
                  row.text().orElseThrow()));
    }
    return files;
  }

  /// The released code's file that holds a row.
  static String file(CompletionRow row) {
    String name = row.set() + "_" + row.variant().releasedText() + "_completions.json";
    return name.replaceAll("[^\\w.-]+", "_");
  }

  private Stream<CompletionRow> kept() {
    return run.completions().stream().filter(row -> row.text().isPresent());
  }

  /// A row counts prompts in the order drawn; the pool has them in the order of the file.
  private LabelledPrompt prompt(CompletionRow row) {
    var facts =
        run.result().data().sets().stream()
            .filter(set -> set.role().isEvaluation() && set.name().equals(row.set()))
            .findFirst()
            .orElseThrow();
    return pool(facts).prompts().get(facts.indices().get(row.index()));
  }

  private PromptSet pool(SetFacts facts) {
    return Stream.concat(data.harmfulSets().stream(), Stream.of(data.harmlessSet()))
        .filter(set -> set.name().equals(facts.name()) && set.sha256().equals(facts.sha256()))
        .findFirst()
        .orElseThrow();
  }
}
