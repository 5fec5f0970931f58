import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.util.List;

/// Prints how long the residual stream is at a prompt's last token, layer by layer: `LookInside
/// MODEL PROMPT`.
public final class LookInside {

  public static void main(String[] args) throws IOException {
    try (var model = ChatModel.load(args[0]);
        var _ = Scope.open()) {
      var prompt = model.prompt(args[1]);
      var plan = HookPlan.none();
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        int at = layer;
        plan =
            plan.probe(
                new HookPoint(layer, Site.RESID_PRE),
                (stream, rows) -> {
                  double[] last = stream.row(rows.end(0) - 1).toDoubles();
                  double square = 0;
                  for (double x : last) {
                    square += x * x;
                  }
                  System.out.printf("layer %2d: %.2f stream units%n", at, Math.sqrt(square));
                });
      }
      model.forward().run(List.of(prompt.tokens()), plan);
    }
  }
}
