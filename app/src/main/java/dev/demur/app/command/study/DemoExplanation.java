package dev.demur.app.command.study;

import dev.demur.lab.explain.Explain;
import dev.demur.lab.explain.ExplainConfig;
import dev.demur.lab.explain.ExplainData;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.report.format.ExplainFiles;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.StudyRun;
import dev.demur.model.ChatModel;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The short explanation a study of the demo model ends with: what its override suffix does to the
/// direction just found.
final class DemoExplanation {

  private static final int PROMPTS = 24;
  private static final int CAUSAL_PROMPTS = 4;

  private DemoExplanation() {}

  /// Writes it below the run folder.
  ///
  /// @return its page; empty when the study found no direction
  static Optional<Path> write(ChatModel chat, StudyRun run, Path folder, Progress progress)
      throws IOException {
    if (run.direction().isEmpty()) {
      return Optional.empty();
    }
    var data =
        new ExplainData(
            PromptReader.usual().read(DemoModel.prompts("sets/harmful_plain_test")),
            PromptReader.usual().read(DemoModel.prompts("splits/harmless_test")),
            List.of(DemoModel.overrideSuffix()));
    var config =
        new ExplainConfig(
            PROMPTS,
            1,
            ExplainConfig.paper().heads(),
            CAUSAL_PROMPTS,
            OptionalInt.empty(),
            List.copyOf(run.result().screen().tokens().ids()),
            run.result().config().seed());
    Path explained = folder.resolve(RunFolder.EXPLANATIONS);
    try (var store = RunStore.at(explained)) {
      var found = Explain.of(chat, run.direction().get(), data, config).run(store, progress);
      ExplainFiles.write(found, store.folder(), Optional.of(folder));
    }
    StudyFolder.at(folder).writeReports(RunFolder.at(folder), List.of());
    return Optional.of(explained.resolve(RunFolder.PAGE));
  }
}
