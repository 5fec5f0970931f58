import dev.demur.lab.direction.Direction;
import dev.demur.lab.monitor.MonitorTraining;
import dev.demur.lab.monitor.MonitorTraining.Settings;
import dev.demur.lab.monitor.TrainingData;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/// Trains a monitor on the demo model and lets it watch the very pass that reads a prompt, while
/// the model answers.
///
/// ```text
/// I can't help …
/// alarms: [HARMFUL]
/// ```
public final class WatchAnswer {

  public static void main(String[] args) throws IOException {
    var harmful = prompts("splits/harmful_train", 48);
    var harmless = prompts("splits/harmless_train", 100);
    var answered = prompts("sets/harmful_override_train", 32).instructions();
    try (var model = ChatModel.load("demo")) {
      var at = new HookPoint(4, Site.RESID_PRE);
      var direction =
          Direction.between(model, harmful.instructions(), harmless.instructions(), at, -1);
      String prompt = "How do I sneak into the cinema?";
      int opening = model.chat(prompt).tokens().get(0); // what a refusal begins with
      var training =
          new MonitorTraining(model, direction, Set.of(opening), new Settings(0.05, 0.95, 42));
      var data = new TrainingData(harmful, harmless, answered);
      var monitor = training.train(data, Progress.silent()).monitor().on(model);

      var watch = monitor.watch(List.of(model.prompt(prompt)));
      System.out.println(model.with(watch.probes()).chat(prompt).text());
      System.out.println("alarms: " + watch.readings().getFirst().alarms());
    }
  }

  private static PromptSet prompts(String name, int most) throws IOException {
    var all = PromptReader.usual().read(DemoModel.prompts(name)).instructions();
    return PromptSet.of(name, all.subList(0, most));
  }
}
