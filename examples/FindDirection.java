import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.prompts.Split;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.Study;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyData;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Finds the direction along which a model refuses: `FindDirection MODEL DATA RUN`.
///
/// DATA is laid out as the released code's `dataset` folder; `demur toy export DIR` leaves such a
/// folder, and a model, in DIR.
public final class FindDirection {

  public static void main(String[] args) throws IOException {
    var sets = ReleasedLayout.at(Path.of(args[1]));
    var data =
        new StudyData(sets.pools(), List.of(sets.harmful(Split.TEST)), sets.harmless(Split.TEST));
    try (var model = ChatModel.load(args[0]);
        var store = RunStore.at(Path.of(args[2]));
        var _ = Scope.open()) {
      var run = Study.of(model, data, StudyConfig.quick()).run(store, Progress.silent());
      System.out.println(run.result().finding().sentence());
      for (var rate : run.result().evaluation().rates()) {
        System.out.printf("%-14s %-18s %s%n", rate.set(), rate.variant(), rate.refused());
      }
    }
  }
}
