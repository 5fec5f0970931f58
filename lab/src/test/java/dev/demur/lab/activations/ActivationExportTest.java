package dev.demur.lab.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.prompts.LabelledPrompt;
import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Site;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Scoped
class ActivationExportTest {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ActivationRequest.Form.class)
  void littleMemoryGivesTheSameFile(ActivationRequest.Form form) throws IOException {
    try (var model = open("qwen2-tied")) {
      var request =
          new ActivationRequest(
              List.of(Site.RESID_PRE, Site.MLP_POST, Site.PATTERN_LAST, Site.LN_FINAL),
              new Places.All(),
              Places.parse("-2..-1"),
              ActivationRequest.Logits.WRITTEN,
              form);
      var prompts =
          List.of(
              new TokenizedPrompt(LabelledPrompt.of("Knit."), TokenIds.of(5, 6, 7, 8)),
              new TokenizedPrompt(LabelledPrompt.of("Tie."), TokenIds.of(9, 6, 3, 4)));
      var once = folder.resolve("once");
      new ActivationExport(model, request, HookPlan.none()).write(prompts, once, Progress.silent());
      var often = folder.resolve("often");
      new ActivationExport(model, request, HookPlan.none(), 1)
          .write(prompts, often, Progress.silent());
      assertThat(often).hasSameBinaryContentAs(once);
    }
  }

  @Test
  void namesASiteTheModelLacks() throws IOException {
    try (var model = open("neox-parallel")) {
      var request =
          new ActivationRequest(
              List.of(Site.RESID_MID),
              new Places.All(),
              new Places.All(),
              ActivationRequest.Logits.LEFT_OUT,
              ActivationRequest.Form.BY_PROMPT);
      assertThatThrownBy(() -> new ActivationExport(model, request, HookPlan.none()))
          .hasMessageContaining("hook_resid_mid does not exist");
    }
  }

  private static ChatModel open(String name) throws IOException {
    return ChatModel.load(Checkpoints.named(name).toString(), DTypeChoice.F32);
  }
}
