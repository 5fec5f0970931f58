import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.steer.Intervention;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;

/// Answers a prompt twice, as the model is and with a direction ablated: `SteerAnswer MODEL
/// DIRECTION PROMPT`.
public final class SteerAnswer {

  public static void main(String[] args) throws IOException {
    try (var model = ChatModel.load(args[0]);
        var _ = Scope.open()) {
      var direction = DirectionFile.read(Path.of(args[1])).direction();
      var ablation = new Intervention.Ablation(direction).plan(model.config().nLayers());
      System.out.println("as it is: " + answer(model, args[2], HookPlan.none()));
      System.out.println("ablated:  " + answer(model, args[2], ablation));
    }
  }

  private static String answer(ChatModel model, String prompt, HookPlan plan) {
    var generator = new Generator(model.transformer(), model.greedy(24, 1), plan);
    var completion = generator.stream(model.prompt(prompt).tokens(), _ -> true);
    return model.tokenizer().decode(completion.tokens());
  }
}
