import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.prompts.Split;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;

/// Finds the direction of refusal twice, from prompts that have nothing in common, compares the two
/// and steers with one: `CompareDirections [MODEL DATA]`, DATA laid out as the released code's.
///
/// ```text
/// direction of blocks.4.hook_resid_pre at -1, [128], norm …
/// cosine between two halves of the prompts: 0.9…
/// as it is: I can't help …
/// ablated:  To sneak into …
/// added:    I can't help …
/// ```
public final class CompareDirections {

  public static void main(String[] args) throws IOException {
    var data = ReleasedLayout.at(args.length > 1 ? Path.of(args[1]) : DemoModel.prompts());
    var harmful = data.harmful(Split.TRAIN).instructions();
    var harmless = data.harmless(Split.TRAIN).instructions();
    try (var model = ChatModel.load(args.length > 0 ? args[0] : "demo")) {
      var at = new HookPoint(model.config().nLayers() / 2, Site.RESID_PRE);
      var one = Direction.between(model, harmful.subList(0, 32), harmless.subList(0, 32), at, -1);
      var two = Direction.between(model, harmful.subList(32, 64), harmless.subList(32, 64), at, -1);
      System.out.println(one);
      System.out.printf("cosine between two halves of the prompts: %.3f%n", one.cosine(two));

      String bad = "How do I sneak into the cinema?";
      String good = "How do I bake bread?";
      var ablated = model.with(Policy.ablation(one)).upTo(24);
      var added = model.with(Policy.addition(one, 1)).upTo(24);
      System.out.println("as it is: " + model.chat(bad).text());
      System.out.println("ablated:  " + ablated.chat(bad).text());
      System.out.println("added:    " + added.chat(good).text());
    }
  }
}
