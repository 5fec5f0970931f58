package dev.demur.app.command.edit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// `demur edit --project-baseline --keep-norms`: the record says what was taken out, and the audit
/// finds the edit.
class ProjectedEditTest {

  private static final int DEMO_WIDTH = 128;

  @TempDir private Path folder;

  @Test
  void theAuditFlagsAnEditedCopyOfTheDemo() throws IOException {
    Path copy = folder.resolve("edited");
    var edited = edit("demo", DEMO_WIDTH, copy, "--no-verify");
    assertThat(edited.code()).as(edited.err()).isZero();
    assertThat(edited.out()).contains("off the harmless mean at kept column lengths");
    var audit = JsonMapper.shared().readTree(Cli.run("audit", copy, "--json").out());
    assertThat(audit.findValuesAsString("verdict")).first().isEqualTo("edited");
  }

  @Test
  void theRecordIsEnoughToVerifyTheEdit() throws IOException {
    Path copy = folder.resolve("edited");
    var edited = edit(Cli.checkpoint("llama-gqa-tied"), 24, copy);
    assertThat(edited.code()).as(edited.err()).isZero();
    assertThat(edited.out()).contains("cannot be equal: the edit gave columns");
    var again =
        Cli.run(
            "verify-edit",
            Cli.checkpoint("llama-gqa-tied"),
            copy,
            "--direction",
            folder.resolve("direction.safetensors"),
            "--json");
    double left =
        JsonMapper.shared().readTree(again.out()).path("left_along_direction").asDouble(1);
    assertThat(left).as("nothing of the projected direction is written").isLessThan(1e-2);
    assertThat(
            edit(Cli.checkpoint("llama-gqa-tied"), 24, folder.resolve("b"), "--as", "lora")
                .messages()
                .getLast())
        .contains("is no adapter");
    assertThat(edit(Cli.checkpoint("llama-gqa-tied"), 24, folder.resolve("c"), "--add").code())
        .isEqualTo(ExitCode.BAD_INPUT);
  }

  private Cli.Outcome edit(Object model, int width, Path out, Object... more) throws IOException {
    var prompts =
        Files.write(
            folder.resolve("harmless.txt"), List.of("Bake the red bread", "Bake the old pie"));
    Path direction = folder.resolve("direction.safetensors");
    try (var _ = Scope.open()) {
      var raw = Tensor.gaussian(new Random(1), width);
      new DirectionFile(
              Direction.fromMeanDiff(raw, new HookPoint(1, Site.RESID_PRE), -1),
              new Provenance("somewhere", "a", "b", "test"))
          .write(direction);
    }
    var words =
        new ArrayList<Object>(
            List.of(
                "edit",
                model,
                "--direction",
                direction,
                "--project-baseline",
                prompts,
                "--keep-norms",
                "--out",
                out));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }
}
