import dev.demur.model.ChatModel;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.util.List;

/// Prints how long the residual stream is at a prompt's last token, layer by layer: `LookInside
/// MODEL PROMPT`.
public final class LookInside {

  public static void main(String[] args) throws IOException {
    try (var model = ChatModel.load(args[0]);
        var _ = Scope.open();
        var kept =
            model.run(
                List.of(model.prompt(args[1])),
                Capture.at(Site.RESID_PRE).last(),
                HookPlan.none())) {
      for (var point : kept.points()) {
        var last = kept.get(point, 0).row(0); // [d_model]
        System.out.printf("layer %2d: %.2f stream units%n", point.layer(), last.norm());
      }
    }
  }
}
