import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.prompts.SampleSizes;
import dev.demur.lab.prompts.Split;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.Evaluation;
import dev.demur.lab.study.Study;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyData;
import dev.demur.model.ChatModel;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Finds the direction along which a model refuses, as a whole study with its measurements:
/// `FindDirection [MODEL DATA RUN]`, DATA laid out as the released code's `dataset` folder.
///
/// ```text
/// The direction read at layer …
/// harmful_test   unedited           8 of 8
/// harmful_test   ablation           0 of 8
/// …
/// ```
public final class FindDirection {

  public static void main(String[] args) throws IOException {
    var sets = ReleasedLayout.at(args.length > 1 ? Path.of(args[1]) : DemoModel.prompts());
    var run = args.length > 2 ? Path.of(args[2]) : Files.createTempDirectory("demur-run");
    var data =
        new StudyData(sets.pools(), List.of(sets.harmful(Split.TEST)), sets.harmless(Split.TEST));
    // Sizes for a first look at a small model; StudyConfig.paper() has the paper's.
    var config =
        StudyConfig.quick()
            .withSizes(new SampleSizes(32, 8))
            .withEvaluation(
                Evaluation.quick()
                    .withHarmfulPrompts(8)
                    .withHarmlessPrompts(8)
                    .withMaxNewTokens(16));
    try (var model = ChatModel.load(args.length > 0 ? args[0] : "demo");
        var store = RunStore.at(run)) {
      var result = Study.of(model, data, config).run(store, Progress.silent()).result();
      System.out.println(result.finding().sentence());
      for (var row : result.evaluation().ratesOfFirstJudge()) {
        var rate = row.refused();
        System.out.printf(
            "%-14s %-18s %d of %d%n", row.set(), row.variant(), rate.successes(), rate.n());
      }
    }
  }
}
