package dev.demur.lab.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.rows.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Attacks are read with the plain prompts they were made for. The prompts here are harmless.
class AttackedPromptsTest {

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /// The layout of JailbreakBench's artifacts: parameters, then a list of jailbreaks, whose prompt
  /// is null where none was found.
  @Test
  void anArtifactPairsEveryPromptWithItsGoal() throws IOException {
    Path file =
        file(
            "artifact.json",
            """
            {"parameters": {"model": "a", "method": "GCG", "number_of_jailbreaks": 1},
             "jailbreaks": [
               {"index": 0, "goal": "Bake a cake.", "behavior": "Cake", "category": "Food",
                "prompt": "Bake a cake. x y z", "response": "Take flour.", "jailbroken": true},
               {"index": 1, "goal": "Knit a hat.", "behavior": "Hat", "category": "Wool",
                "prompt": null, "response": null, "jailbroken": false}]}
            """);
    var attack = AttackedPrompts.read(file, "GCG");
    assertThat(attack.plain().instructions()).containsExactly("Bake a cake.", "Knit a hat.");
    assertThat(attack.attacked().instructions())
        .containsExactly("Bake a cake. x y z", "Knit a hat.");
    assertThat(attack.attacked().prompts().getFirst().category()).contains("Food");
    assertThat(attack.sha256()).hasSize(64);
  }

  @Test
  void aPlainFileNeedsBothColumns() throws IOException {
    var attack = AttackedPrompts.read(file("own.csv", "goal,prompt\nBake.,Please bake.\n"), "own");
    assertThat(attack.attacked().instructions()).containsExactly("Please bake.");
    Path without = file("without.csv", "prompt\nPlease bake.\n");
    assertThatThrownBy(() -> AttackedPrompts.read(without, "own"))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("expected the plain prompt in a column named goal");
    Path nothing = file("nothing.csv", "goal,note\nBake.,none\n");
    assertThatThrownBy(() -> AttackedPrompts.read(nothing, "own"))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("holds no attacked prompt");
  }

  @Test
  void aSuffixStandsBehindEveryPrompt() {
    var set = PromptSet.of("set", List.of("Bake.", "Knit."));
    var attack = AttackedPrompts.suffixed("s", set, " now");
    assertThat(attack.attacked().instructions()).containsExactly("Bake. now", "Knit. now");
    assertThat(attack.first(1).plain().instructions()).containsExactly("Bake.");
  }
}
