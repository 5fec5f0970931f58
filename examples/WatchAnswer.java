import dev.demur.lab.monitor.Monitor;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Answers a prompt and watches the very pass that reads it: `WatchAnswer MODEL MONITOR PROMPT`.
public final class WatchAnswer {

  public static void main(String[] args) throws IOException {
    try (var model = ChatModel.load(args[0]);
        var _ = Scope.open()) {
      var monitor = Monitor.read(Path.of(args[1])).on(model); // once for all prompts
      var prompt = model.prompt(args[2]);
      var watch = monitor.watch(List.of(prompt));
      var generator = new Generator(model.transformer(), model.greedy(24, 1), watch.probes());
      var answer = generator.stream(prompt.tokens(), _ -> true);
      System.out.println(model.tokenizer().decode(answer.tokens()));
      System.out.println("alarms: " + watch.readings().getFirst().alarms());
    }
  }
}
