package dev.demur.app.command.study;

import dev.demur.lab.Seeds;
import dev.demur.lab.explain.Explain;
import dev.demur.lab.explain.ExplainConfig;
import dev.demur.lab.explain.ExplainData;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.report.format.ExplainFiles;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.StudyData;
import dev.demur.lab.study.StudyRun;
import dev.demur.model.ChatModel;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The explanation a study ends with: of the demo model a short one of what its override suffix
/// does, of any other model, when everything is asked for, one of its evaluation sets.
enum StudyExplanation {
  DEMO,
  SETS;

  private static final int DEMO_PROMPTS = 24;
  private static final int DEMO_CAUSAL_PROMPTS = 4;

  /// A study of few prompts ends with an explanation of few.
  private static final int FEWEST = 6;

  /// Writes it below the run folder.
  ///
  /// @return its page; empty when the study found no direction
  Optional<Path> write(ChatModel chat, StudyData data, StudyRun run, Path folder, Progress progress)
      throws IOException {
    if (run.direction().isEmpty()) {
      return Optional.empty();
    }
    Path explained = folder.resolve(RunFolder.EXPLANATIONS);
    var asked = run.result().config().prompting().answeringAtOnce(chat);
    try (var store = RunStore.at(explained)) {
      var found =
          Explain.of(asked, run.direction().get(), prompts(data, run), config(run))
              .run(store, progress);
      ExplainFiles.write(found, store.folder(), Optional.of(folder));
    }
    StudyFolder.at(folder).writeReports(RunFolder.at(folder), List.of());
    return Optional.of(explained.resolve(RunFolder.PAGE));
  }

  private ExplainData prompts(StudyData data, StudyRun run) throws IOException {
    return switch (this) {
      case DEMO ->
          new ExplainData(
              PromptReader.usual().read(DemoModel.prompts("sets/harmful_plain_test")),
              PromptReader.usual().read(DemoModel.prompts("splits/harmless_test")),
              List.of(DemoModel.overrideSuffix()));
      case SETS ->
          ExplainData.drawn(
              data.harmfulSets(),
              data.harmlessSet(),
              ExplainConfig.paper().prompts(),
              new Seeds(run.result().config().seed()));
    };
  }

  private ExplainConfig config(StudyRun run) {
    var paper = ExplainConfig.paper();
    int evaluated = run.result().config().evaluation().harmfulPrompts();
    return new ExplainConfig(
        this == DEMO ? Math.clamp(2L * evaluated, FEWEST, DEMO_PROMPTS) : paper.prompts(),
        1,
        paper.heads(),
        this == DEMO ? Math.clamp(evaluated, 2, DEMO_CAUSAL_PROMPTS) : paper.causalPrompts(),
        OptionalInt.empty(),
        List.copyOf(run.result().screen().tokens().ids()),
        run.result().config().seed());
  }
}
