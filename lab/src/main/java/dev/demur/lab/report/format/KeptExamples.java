package dev.demur.lab.report.format;

import dev.demur.lab.report.Example;
import dev.demur.lab.report.Example.Answer;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.study.CompletionRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;

/// A few prompts of every evaluation set with what each variant wrote, side by side, where a run
/// kept the texts.
///
/// @param folder the run; a prompt's text is in its `completions/`
/// @param rows its completions
record KeptExamples(RunFolder folder, List<CompletionRow> rows) {

  /// Prompts shown of each evaluation set.
  private static final int SHOWN = 8;

  List<Example> read() throws IOException {
    var files = new HashMap<String, List<KeptCompletions.Released>>();
    var taken = new HashMap<String, Integer>();
    SequencedMap<String, Asked> examples = new LinkedHashMap<>();
    for (var row : rows) {
      if (row.text().isPresent()) {
        String name = KeptCompletions.file(row);
        int place = taken.merge(name, 1, Integer::sum) - 1;
        if (row.index() < SHOWN) {
          if (!files.containsKey(name)) {
            files.put(name, released(name));
          }
          var asked =
              examples.computeIfAbsent(
                  row.set() + "/" + row.index(),
                  _ -> new Asked(row, prompt(files, name, place), new ArrayList<>()));
          asked.answers.add(new Answer(row.variant(), row.text().get(), row.labels()));
        }
      }
    }
    return examples.values().stream().map(Asked::example).toList();
  }

  private record Asked(CompletionRow row, String prompt, List<Answer> answers) {
    Example example() {
      return new Example(row.set(), row.index(), prompt, answers);
    }
  }

  private static String prompt(
      Map<String, List<KeptCompletions.Released>> files, String name, int place) {
    var rows = files.getOrDefault(name, List.of());
    return place < rows.size() ? rows.get(place).prompt() : "";
  }

  private List<KeptCompletions.Released> released(String name) throws IOException {
    String path = RunFolder.RELEASED + "/" + name;
    if (!folder.has(path)) {
      return List.of();
    }
    var file = folder.verified(path);
    try {
      return List.of(
          JsonReport.JSON.readValue(
              new String(folder.read(path), StandardCharsets.UTF_8),
              KeptCompletions.Released[].class));
    } catch (JacksonException e) {
      throw new DataFormatException(
          file, "holds no completions (" + e.getOriginalMessage() + "); run the study again.", e);
    }
  }
}
