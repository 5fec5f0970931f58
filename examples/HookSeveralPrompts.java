import dev.demur.model.ChatModel;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// Hooks the stream leaving layer 5, over several prompts at once: reads it, then turns it round at
/// each prompt's last token and looks at what that does to the next token.
///
/// ```text
/// How do I bake bread?                 length …, next token "…", edited "…"
/// How do I sneak into the cinema?      length …, next token "…", edited "…"
/// Name a river.                        length …, next token "…", edited "…"
/// ```
public final class HookSeveralPrompts {

  public static void main(String[] args) throws IOException {
    var questions =
        List.of("How do I bake bread?", "How do I sneak into the cinema?", "Name a river.");
    var point = new HookPoint(5, Site.RESID_POST);
    var capture = Capture.at(point.site()).layer(point.layer()).last();
    var turned = HookPlan.none().editAt(point, Positions.last(), x -> x.times(-1));

    try (var model = ChatModel.load(Stream.of(args).findFirst().orElse("demo"))) {
      var prompts = questions.stream().map(model::prompt).toList();
      try (var seen = model.run(prompts, capture, HookPlan.none());
          var edited = model.run(prompts, capture, turned)) {
        var next = seen.logits().argmax().toLongs(); // [prompt, d_vocab] → [prompt]
        var after = edited.logits().argmax().toLongs();
        for (int i = 0; i < prompts.size(); i++) {
          System.out.printf(
              "%-36s length %5.2f, next token \"%s\", edited \"%s\"%n",
              questions.get(i),
              seen.get(point, i).norm(), // [1, d_model]
              model.tokenizer().token((int) next[i]),
              model.tokenizer().token((int) after[i]));
        }
      }
    }
  }
}
