package dev.demur.app.command.chat;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The file `demur activations` writes, against transformers (tools/golden/checkpoints.py).
class ActivationsCommandTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama-gqa-tied", "llama-mha-untied", "qwen2-tied"})
  void allValuesEqualTransformers(String name) throws IOException {
    Path out = folder.resolve("acts.safetensors");
    var outcome =
        Cli.run(
            "activations",
            Cli.checkpoint(name),
            "--prompts",
            rawPrompts(name),
            "--raw",
            "--sites",
            "resid_pre,attn_out,mlp_out,z,pattern",
            "--logits",
            "--out",
            out);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    try (var golden = golden(name);
        var written = Safetensors.open(out)) {
      int compared = 0;
      for (String tensor : golden.names()) {
        if (tensor.startsWith("prompt.0.") && written.names().contains(tensor)) {
          compared++;
          assertEqual(tensor, written, golden);
        }
      }
      assertThat(compared).isGreaterThan(10);
      assertThat(written.info("prompt.0.tokens").type()).isEqualTo("I64");
    }
  }

  @Test
  void keepsTheRowsInTheOrderAsked() throws IOException {
    Path all = export("all");
    Path some = export("-1,0,2..3");
    try (var whole = Safetensors.open(all);
        var chosen = Safetensors.open(some)) {
      String name = "prompt.0.blocks.2.hook_resid_pre";
      long width = whole.info(name).shape().get(1);
      int last = Math.toIntExact(whole.info(name).shape().getFirst()) - 1;
      assertThat(chosen.info(name).shape()).containsExactly(4L, width);
      float[] rows = floats(chosen, name);
      float[] source = floats(whole, name);
      var order = List.of(last, 0, 2, 3);
      for (int i = 0; i < order.size(); i++) {
        int w = Math.toIntExact(width);
        assertThat(Arrays.copyOfRange(rows, i * w, (i + 1) * w))
            .isEqualTo(Arrays.copyOfRange(source, order.get(i) * w, (order.get(i) + 1) * w));
      }
      assertThat(chosen.info("prompt.0.tokens").shape())
          .isEqualTo(whole.info("prompt.0.tokens").shape());
      assertThat(chosen.names()).doesNotContain("prompt.0.blocks.1.hook_resid_pre");
    }
  }

  private Path export(String positions) throws IOException {
    Path out = folder.resolve("acts-" + positions.length() + ".safetensors");
    var outcome =
        Cli.run(
            "activations",
            Cli.checkpoint("llama-gqa-tied"),
            "--prompts",
            rawPrompts("llama-gqa-tied"),
            "--raw",
            "--layers",
            "0,-1",
            "--positions",
            positions,
            "--out",
            out);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    return out;
  }

  @Test
  void stackedTensorsHoldWhatEachPromptHasAlone() throws IOException {
    String sites = "resid_pre,q,k,v,z,mlp_post,attn_out,ln_final";
    Path one = export(labelled("Hello!", "How do I bake bread?"), sites, "-1,-3..-2");
    Path stacked =
        export(labelled("Hello!", "How do I bake bread?"), sites, "-1,-3..-2", "--stacked");
    try (var alone = Safetensors.open(one);
        var all = Safetensors.open(stacked)) {
      assertThat(all.names())
          .contains("tokens", "logits", "ln_final.hook_normalized", "blocks.0.mlp.hook_post")
          .hasSize(2 + 1 + 7 * 3);
      assertStacked(alone, all);
      assertThat(all.info("blocks.1.hook_resid_pre").shape()).containsExactly(2L, 3L, 24L);
      var json = JsonMapper.shared();
      assertThat(json.readTree(all.metadata().get("prompts")).get(1).asString())
          .isEqualTo("How do I bake bread?");
      assertThat(all.metadata())
          .containsEntry("positions", "[-1,-3,-2]")
          .containsEntry("labels", "[\"kind\",null]");
      var strings = json.readTree(all.metadata().get("token_strings"));
      assertThat(strings.size()).isEqualTo(2);
      assertThat(strings.get(1).size()).isEqualTo(3);
      // The template ends both prompts alike.
      assertThat(strings.get(0)).isEqualTo(strings.get(1));
    }
  }

  @Test
  void scoresAndPatternsOfEquallyLongPromptsStack() throws IOException {
    String sites = "attn_scores,pattern,pattern_last,resid_post";
    Path one = export(labelled("Hello!", "Hello?"), sites, "all");
    Path stacked = export(labelled("Hello!", "Hello?"), sites, "all", "--stacked");
    try (var alone = Safetensors.open(one);
        var all = Safetensors.open(stacked)) {
      assertStacked(alone, all);
      var shape = all.info("blocks.0.attn.hook_attn_scores").shape();
      assertThat(shape).hasSize(4).startsWith(2L);
      assertThat(all.info("blocks.0.attn.hook_pattern_last").shape())
          .containsExactly(2L, shape.get(1), 1L, shape.get(3));
      // The first token does not see the second.
      assertThat(floats(all, "blocks.0.attn.hook_attn_scores")[1])
          .isEqualTo(Float.NEGATIVE_INFINITY);
    }
  }

  @Test
  void refusesToStackWhatDoesNotStack() throws IOException {
    var prompts = labelled("Hello!", "How do I bake bread?");
    assertRefused(prompts, "resid_pre", "all", "these positions do not stack");
    assertRefused(prompts, "resid_pre", "0..2", "e.g. -5..-1");
    assertRefused(prompts, "pattern", "-2..-1", "scores and patterns do not stack");
    assertRefused(prompts, "resid_pre", "-999", "prompt 0: position -999");
  }

  private void assertRefused(Path prompts, String sites, String positions, String named)
      throws IOException {
    Path out = folder.resolve("refused.safetensors");
    var outcome = run(prompts, sites, positions, out, "--stacked");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(named).hasLineCount(1);
    assertThat(out).doesNotExist();
  }

  private Path export(Path prompts, String sites, String positions, String... more)
      throws IOException {
    Path out = folder.resolve("acts" + more.length + ".safetensors");
    var outcome = run(prompts, sites, positions, out, more);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    return out;
  }

  private static Cli.Outcome run(
      Path prompts, String sites, String positions, Path out, String... more) throws IOException {
    var words =
        new ArrayList<Object>(List.of("activations", Cli.checkpoint("llama-gqa-tied"), "--logits"));
    words.addAll(List.of("--prompts", prompts, "--sites", sites, "--out", out));
    words.add("--positions=" + positions);
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  /// The first prompt has a label.
  private Path labelled(String first, String second) throws IOException {
    return Files.writeString(
        folder.resolve("labelled.jsonl"),
        """
        {"instruction": "%s", "category": "kind"}
        {"instruction": "%s"}
        """
            .formatted(first, second));
  }

  private static void assertStacked(Safetensors alone, Safetensors all) throws IOException {
    for (String name : all.names()) {
      var shape = all.info(name).shape();
      assertThat(shape.getFirst()).as(name).isEqualTo(2);
      if (!name.equals("tokens")) {
        float[] both = floats(all, name);
        for (int i = 0; i < 2; i++) {
          String own = "prompt." + i + "." + name;
          assertThat(alone.info(own).shape()).as(own).isEqualTo(shape.subList(1, shape.size()));
          int size = both.length / 2;
          assertClose(
              own, Arrays.copyOfRange(both, i * size, (i + 1) * size), floats(alone, own), FLOAT32);
        }
      }
    }
  }

  @Test
  void promptsGoThroughTheChatTemplateUnlessRaw() throws IOException {
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "Hello!\n");
    Path out = folder.resolve("acts.safetensors");
    var outcome =
        Cli.run(
            "activations",
            Cli.checkpoint("llama-gqa-tied"),
            "--prompts",
            prompts,
            "--logits",
            "--out",
            out);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    try (var golden = golden("llama-gqa-tied");
        var written = Safetensors.open(out)) {
      // The golden file's second prompt is this instruction after templating.
      assertThat(written.bytes("prompt.0.tokens").mismatch(golden.bytes("prompt.1.tokens")))
          .isEqualTo(-1);
      assertThat(written.names()).containsExactlyInAnyOrder("prompt.0.tokens", "prompt.0.logits");
    }
  }

  @Test
  void ablationEqualsTransformersHooks() throws IOException {
    assertSteered("--ablate", "prompt.0.ablated.logits");
  }

  @Test
  void additionEqualsTransformersHooks() throws IOException {
    assertSteered("--add", "prompt.0.actadd.logits");
  }

  private void assertSteered(String option, String expected) throws IOException {
    String name = "llama-gqa-tied";
    Path out = folder.resolve("acts.safetensors");
    Path direction = folder.resolve("direction.safetensors");
    try (var _ = Scope.open();
        var golden = golden(name)) {
      var raw = Tensor.of(floats(golden, "direction_raw"), 24);
      var unit = Tensor.of(floats(golden, "direction"), 24);
      // The golden edit adds at layer 1; position plays no part in it.
      var value = new Direction(unit, raw.norm(), new HookPoint(1, Site.RESID_PRE), -1);
      new DirectionFile(value, new Provenance(name, "0", "0", "test")).write(direction);
    }
    var outcome =
        Cli.run(
            "activations",
            Cli.checkpoint(name),
            "--prompts",
            rawPrompts(name),
            "--raw",
            "--logits",
            option,
            direction,
            "--out",
            out);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.messages()).singleElement().asString().contains("weights differ");
    try (var golden = golden(name);
        var written = Safetensors.open(out)) {
      assertClose(expected, floats(written, "prompt.0.logits"), floats(golden, expected), FLOAT32);
    }
  }

  /// The first raw prompt of a golden file.
  private Path rawPrompts(String name) throws IOException {
    var json = JsonMapper.shared().readTree(Cli.checkpoint(name).resolve("golden.json"));
    String first = json.path("prompts").get(0).path("text").asString();
    return Files.writeString(
        folder.resolve("raw.json"), JsonMapper.shared().writeValueAsString(List.of(first)));
  }

  private static Safetensors golden(String name) throws IOException {
    return Safetensors.open(Cli.checkpoint(name).resolve("golden.safetensors"));
  }

  private static void assertEqual(String name, Safetensors written, Safetensors golden)
      throws IOException {
    assertThat(written.info(name).shape()).describedAs(name).isEqualTo(golden.info(name).shape());
    if (golden.info(name).type().equals("I64")) {
      assertThat(written.bytes(name).mismatch(golden.bytes(name))).describedAs(name).isEqualTo(-1);
    } else {
      assertClose(name, floats(written, name), floats(golden, name), FLOAT32);
    }
  }

  private static float[] floats(Safetensors file, String name) throws IOException {
    return file.bytes(name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }
}
