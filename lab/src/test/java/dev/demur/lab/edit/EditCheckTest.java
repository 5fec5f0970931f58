package dev.demur.lab.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.edit.EditCheck.Expectation;
import dev.demur.lab.edit.EditCheck.Settings;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The comparison of edited weights with hooks: what it finds equal, and what it must not.
@Scoped
class EditCheckTest {

  private static final Settings SETTINGS =
      new Settings(List.of("Hello there", "Name a river, please."), 6);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama-gqa-tied", "gpt2", "qwen2-moe", "neox-parallel"})
  void anEditIsEqualToItsHooks(String name) throws IOException {
    var check = check(name, direction(name), Tying.UNTIE);
    assertThat(check.expectation()).isEqualTo(Expectation.EQUAL);
    assertThat(check.relative()).isLessThan(EditCheck.TOLERANCE);
    assertThat(check.holds()).isTrue();
    assertThat(check.leftover()).isLessThan(1e-5);
    assertThat(check.largest()).isPositive();
    assertThat(check.continuations()).isEqualTo(new Rate(2, 2));
    assertThat(check.likeliest().successes()).isEqualTo(check.likeliest().n());
  }

  @Test
  void anotherEditDoesNotHold() throws IOException {
    var edit = direction("llama-gqa-tied");
    for (var other :
        List.of(
            new WeightEdit.Orthogonalize(edit.direction(), 0.9, Reach.all()),
            new WeightEdit.Orthogonalize(
                edit.direction(), 1, new Reach(1, Reach.END, Reach.all().components())))) {
      var check = check("llama-gqa-tied", edit, other);
      assertThat(check.expectation()).isEqualTo(Expectation.EQUAL);
      assertThat(check.relative()).isGreaterThan(EditCheck.TOLERANCE);
      assertThat(check.holds()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma2", "gemma3", "olmo2-gqa"})
  void behindANormOnlyWhatIsLeftCounts(String name) throws IOException {
    var check = check(name, direction(name), Tying.UNTIE);
    assertThat(check.expectation()).isEqualTo(Expectation.POST_NORM);
    assertThat(check.relative()).isGreaterThan(EditCheck.TOLERANCE);
    assertThat(check.leftover()).isLessThan(1e-5);
    assertThat(check.holds()).isTrue();
  }

  @Test
  void aTiedUnembeddingThatWasEditedIsSaidToDiffer() throws IOException {
    var check = check("qwen2-tied", direction("qwen2-tied"), Tying.KEEP);
    assertThat(check.expectation()).isEqualTo(Expectation.UNEMBEDDING_EDITED);
    assertThat(check.relative()).isGreaterThan(EditCheck.TOLERANCE);
  }

  @Test
  void roundedWeightsAreSaidToBeRounded() throws IOException {
    var edit = direction("llama-bf16");
    Path source = Checkpoints.named("llama-bf16");
    Path out = folder.resolve("edited");
    var result = EditableFolders.edit(source, edit, Tying.UNTIE, out);
    var check = run(source, out, edit, result.record());
    assertThat(check.expectation()).isEqualTo(Expectation.ROUNDED);
    assertThat(check.leftover()).isBetween(1e-6, 0.02);
  }

  @Test
  void thereMustBeAPrompt() {
    assertThatThrownBy(() -> new Settings(List.of(), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no prompt");
  }

  private static WeightEdit.Orthogonalize direction(String name) throws IOException {
    try (var golden = Checkpoints.golden(Checkpoints.named(name))) {
      return new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
    }
  }

  private EditCheck check(String name, WeightEdit edit, Tying tying) throws IOException {
    Path source = EditableFolders.float32(Checkpoints.named(name), folder);
    Path out = folder.resolve("edited");
    var result = EditableFolders.edit(source, edit, tying, out);
    return run(source, out, edit, result.record());
  }

  /// Weights of one edit against the hooks of another.
  private EditCheck check(String name, WeightEdit hooks, WeightEdit weights) throws IOException {
    Path place = folder.resolve(Integer.toString(weights.hashCode()));
    Path source = EditableFolders.float32(Checkpoints.named(name), place);
    var result = EditableFolders.edit(source, weights, Tying.UNTIE, place.resolve("edited"));
    return run(source, place.resolve("edited"), hooks, result.record());
  }

  private static EditCheck run(Path source, Path edited, WeightEdit edit, EditRecord record)
      throws IOException {
    return EditCheck.run(
        () -> ChatModel.load(source.toString(), DTypeChoice.F32),
        () -> ChatModel.load(edited.toString(), DTypeChoice.F32),
        edit,
        record,
        SETTINGS);
  }
}
