package dev.demur.app.command.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.app.Cli;
import dev.demur.app.DemoDirection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CoherenceCommandTest {

  private static final String MODEL = Cli.checkpoint("qwen2-tied").toString();

  @TempDir private Path folder;

  @Test
  void everyCorpusIsMeasuredUnderEveryVariant() throws IOException {
    Path direction = direction();
    var outcome = run("--ablate", direction, "--add", direction, "--coefficient", "-1", "--json");
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    var corpora = JsonMapper.shared().readTree(outcome.out()).path("corpora");
    assertThat(texts(corpora, "kind")).containsExactly("text", "instructions", "own-completions");
    for (var corpus : corpora) {
      var variants = corpus.path("variants");
      assertThat(texts(variants, "variant"))
          .containsExactly("unedited", "ablation", "actadd-minus");
      var unedited = variants.get(0);
      var ablation = variants.get(1);
      assertThat(ablation.path("difference").doubleValue())
          .isCloseTo(
              ablation.path("ce_loss").doubleValue() - unedited.path("ce_loss").doubleValue(),
              within(1e-9));
      assertThat(ablation.has("kl"))
          .isEqualTo(corpus.path("kind").asString().equals("own-completions"));
    }
    assertThat(Files.readString(folder.resolve("run/coherence.json"))).isEqualTo(outcome.out());
  }

  /// A3: as in the paper, and the other sign beside it.
  @Test
  void withoutAFactorADirectionIsSubtractedAndAdded() throws IOException {
    Path direction = direction();
    var both = run("--add", direction, "--json");
    assertThat(both.code()).describedAs(both.err()).isZero();
    var variants = JsonMapper.shared().readTree(both.out()).path("corpora").get(0).path("variants");
    assertThat(texts(variants, "variant")).containsExactly("unedited", "actadd-minus", "actadd");
    for (String factor : List.of("-1", "1")) {
      var one = run("--add", direction, "--coefficient", factor, "--json");
      var alone = JsonMapper.shared().readTree(one.out()).path("corpora").get(0).path("variants");
      assertThat(alone.get(1)).isEqualTo(variants.get(factor.equals("-1") ? 1 : 2));
    }
  }

  @Test
  void aRunThatLostItsLastRowsEndsInTheSameNumbers() throws IOException {
    Path direction = direction();
    var whole = run("--ablate", direction, "--json");
    assertThat(whole.code()).describedAs(whole.err()).isZero();
    try (var files = Files.list(folder.resolve("run/stages"))) {
      for (Path file : files.toList()) {
        var lines = Files.readAllLines(file);
        if (lines.size() < 2) {
          continue; // how long the stage took: a row of its own
        }
        Files.writeString(
            file,
            lines.stream()
                .limit(lines.size() / 2)
                .collect(Collectors.joining("\n", "", "\n{\"sh")));
      }
    }
    var resumed = run("--ablate", direction, "--json");
    assertThat(resumed.err()).contains("3 of 3");
    assertThat(resumed.out()).isEqualTo(whole.out());
  }

  @Test
  void withoutADirectionOnlyTheModelIsMeasured() throws IOException {
    var outcome = Cli.run("coherence", MODEL, "--text", texts(), "--out", folder.resolve("alone"));
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).contains("unedited").doesNotContain("ablation");
  }

  @Test
  void badInputIsNamedInOneLine() throws IOException {
    assertThat(Cli.run("coherence", MODEL).messages())
        .containsExactly(
            "demur: nothing to measure; give --text, --instructions or --on-distribution");
    var limit = Cli.run("coherence", MODEL, "--text", texts(), "--limit", "0", "--out", folder);
    assertThat(limit.code()).isEqualTo(2);
    assertThat(limit.messages()).containsExactly("demur: limit must be >= 1, was 0");
    var columns = Files.writeString(folder.resolve("c.jsonl"), "{\"body\": \"Tea.\"}\n");
    var outcome = Cli.run("coherence", MODEL, "--text", columns, "--out", folder.resolve("c"));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.messages().getFirst()).contains("line 1", "text or content", "body");
  }

  private Cli.Outcome run(Object... more) throws IOException {
    var args =
        new ArrayList<Object>(
            List.of("coherence", MODEL, "--out", folder.resolve("run"), "--text", texts()));
    args.addAll(
        List.of(
            "--instructions",
            Files.writeString(
                folder.resolve("alpaca.json"),
                """
                [{"instruction": "Name a river.", "input": "", "output": "The Rhine."},
                 {"instruction": "Add these.", "input": "1 2", "output": "3"},
                 {"instruction": "Name a colour.", "input": "", "output": "Blue, like the sea."},
                 {"instruction": "Say tea.", "input": "", "output": "Tea."}]
                """),
            "--on-distribution",
            Files.writeString(folder.resolve("ask.txt"), "Name a tree.\nCount to ten.\nSay 7.\n"),
            "--max-new-tokens",
            "6"));
    args.addAll(List.of(more));
    return Cli.run(args.toArray());
  }

  private Path texts() throws IOException {
    return Files.writeString(
        folder.resolve("pile.jsonl"),
        IntStream.range(0, 3)
            .mapToObj(i -> "{\"text\": \"Loaf %d is baked. It cools on the sill.\"}\n".formatted(i))
            .collect(Collectors.joining()));
  }

  private Path direction() throws IOException {
    return DemoDirection.write(MODEL, 1, folder);
  }

  private static List<String> texts(JsonNode rows, String field) {
    return rows.values().stream().map(row -> row.path(field).asString()).toList();
  }
}
