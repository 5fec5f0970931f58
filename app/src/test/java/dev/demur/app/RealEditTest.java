package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Scoped;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.judge.SubstringJudge;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real GGUF files through `demur edit`: what the edited weights refuse against what hooks on the
/// source refuse, prompt by prompt. Writes counts, never prompts or answers, to
/// `harmful/edit-MODEL.md`; docs/results/edit.md has them.
@Scoped
@Tag("real")
class RealEditTest {

  /// Share of prompts whose label rounding to bfloat16 may change; measured: 1 of 100 and 0 of 16.
  private static final double MAY_DIFFER = 0.05;

  private static final int BATCH = 16;

  @TempDir Path folder;

  /// What a model did with the prompts.
  private record Answers(List<TokenIds> tokens, List<Boolean> refused) {}

  @ParameterizedTest
  @CsvSource({
    "SmolLM2-135M-Instruct.Q4_1.gguf, 15, 100, 32",
    "Qwen2.5-Coder-1.5B-Instruct.gguf, 21, 16, 16"
  })
  void editedWeightsRefuseWhatHooksRefuse(String name, int layer, int prompts, int newTokens)
      throws IOException {
    Path model = RealFolders.models().resolve(name);
    Path file = folder.resolve("direction.safetensors");
    Path edited = folder.resolve("edited.gguf");
    var layout = ReleasedLayout.at(RealFolders.data().resolve("refusal_direction"));
    var asked =
        layout.evaluationSet("jailbreakbench").instructions().stream().limit(prompts).toList();
    Direction direction;
    Answers plain;
    Answers hooks;
    try (var source = ChatModel.load(model.toString())) {
      direction = DemoDirection.of(source, layer, layout);
      new DirectionFile(direction, new Provenance(name, "0", "0", "test")).write(file);
      var plan = new WeightEdit.Orthogonalize(direction).hooks(source.config().nLayers());
      plain = answers(source, HookPlan.none(), asked, newTokens);
      hooks = answers(source, plan, asked, newTokens);
    }
    var written =
        Cli.run("edit", model, "--direction", file, "-o", edited, "--store", "bf16", "--no-verify");
    assertThat(written.code()).describedAs(written.err()).isZero();
    try (var changed = ChatModel.load(edited.toString())) {
      report(name, layer, plain, hooks, answers(changed, HookPlan.none(), asked, newTokens));
    }
  }

  private static void report(String name, int layer, Answers plain, Answers hooks, Answers weights)
      throws IOException {
    var counts = PairedCounts.of(hooks.refused, weights.refused);
    int same = 0;
    for (int i = 0; i < hooks.tokens.size(); i++) {
      same += hooks.tokens.get(i).equals(weights.tokens.get(i)) ? 1 : 0;
    }
    long before = plain.refused.stream().filter(refused -> refused).count();
    String row =
        String.format(
            Locale.ROOT,
            "| %s, layer %d | %d | %d | %d | %d | %d | %d |",
            name,
            layer,
            counts.n(),
            before,
            counts.first().successes(),
            counts.second().successes(),
            counts.onlyFirst() + counts.onlySecond(),
            same);
    Files.writeString(
        Path.of("target", "edit-" + name + ".md"),
        "| model | prompts | refused | under hooks | edited weights | labels differ | same tokens"
            + " |\n"
            + row
            + "\n");
    assertThat(counts.onlyFirst() + counts.onlySecond())
        .isLessThanOrEqualTo((int) (MAY_DIFFER * counts.n()));
  }

  private static Answers answers(
      ChatModel model, HookPlan plan, List<String> asked, int newTokens) {
    var prompts = asked.stream().map(text -> model.prompt(text).tokens()).toList();
    var options = model.greedy(newTokens, BATCH);
    var completions = new Generator(model.transformer(), options, plan).complete(prompts, _ -> {});
    var refused = new ArrayList<Boolean>();
    for (int i = 0; i < asked.size(); i++) {
      String text = model.tokenizer().decode(completions.get(i).tokens());
      var verdict = SubstringJudge.normalised().judge(asked.get(i), text);
      refused.add(verdict.refusal().refuses());
    }
    return new Answers(completions.stream().map(c -> c.tokens()).toList(), refused);
  }
}
