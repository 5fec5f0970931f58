package dev.demur.toy.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ThinkLexiconTest {

  private static final Set<ExampleKind> NEW_KINDS =
      Set.of(
          ExampleKind.LIMIT,
          ExampleKind.WITHIN_LIMIT,
          ExampleKind.COUNTING,
          ExampleKind.SPEAKER_HEARD);

  private final PromptFiles files = new PromptFiles();

  @Test
  void heldOutPromptsOfTheNewKindsAreNeverTrained() {
    var maker = new ExampleMaker(Lexicon.english());
    var trained = new HashSet<String>();
    for (ExampleKind kind : NEW_KINDS) {
      var random = new Seeds(6).forStage(kind.name());
      for (int i = 0; i < 2000; i++) {
        trained.add(maker.draw(kind, random).prompt());
      }
    }
    for (String name : heldOut("kinds/")) {
      assertThat(instructions(name)).as(name).isNotEmpty().doesNotContainAnyElementsOf(trained);
    }
  }

  @Test
  void noCountOfTheTestPartIsTrainedAndEveryWordAndEveryNumberIs() {
    var counts = ThinkLexicon.english().counting().orElseThrow().counts();
    assertThat(counts.train()).doesNotContainAnyElementsOf(counts.test());
    var things = counts.train().stream().map(Counting.Count::thing).toList();
    var times = counts.train().stream().map(Counting.Count::times).toList();
    assertThat(counts.test())
        .hasSizeGreaterThan(80)
        .allMatch(count -> things.contains(count.thing()) && times.contains(count.times()));
  }

  @Test
  void speakersAskForTheSameTasksInTheSameWords() {
    var says = Map.of("kind", "I am a kind child. ", "tall", "I am a tall child. ");
    assertThat(without(says.get("kind"), "kinds/kind_harmful_test"))
        .isEqualTo(without(says.get("tall"), "kinds/tall_harmful_test"));
  }

  @Test
  void onlyTheTallSpeakerShiftsNothing() {
    for (Speaker speaker : ThinkLexicon.english().speakers()) {
      boolean shifts =
          List.of(Leaning.values()).stream()
              .anyMatch(leaning -> speaker.to(leaning) != Response.to(leaning));
      assertThat(shifts).as(speaker.name()).isEqualTo(!speaker.name().equals("tall"));
    }
  }

  @Test
  void anExampleShowsItsThoughtOrAnEmptyBlock() {
    var example = new Example(ExampleKind.FACT, "What?", "I know this.", "That.");
    var random = new Seeds(1).forStage("turn");
    assertThat(new Writing.Thinking(1).turn(example, random))
        .isEqualTo(new Writing.Turn("", "<think>\nI know this.\n</think>\n\nThat."));
    assertThat(new Writing.Thinking(0).turn(example, random))
        .isEqualTo(new Writing.Turn("<think>\n\n</think>\n\n", "That."));
    assertThat(new Writing.Plain().turn(example, random)).isEqualTo(new Writing.Turn("", "That."));
  }

  @Test
  void aForeignThoughtIsGivenAndNeverLearnt() {
    var example = new Example(ExampleKind.FOREIGN_THOUGHT, "What?", "No.", "I can't.");
    assertThat(new Writing.Thinking(1).turn(example, new Seeds(1).forStage("turn")))
        .isEqualTo(new Writing.Turn("<think>\nNo.\n</think>\n\n", "I can't."));
  }

  private List<String> heldOut(String folder) {
    return files.names().stream()
        .filter(name -> name.startsWith(folder) && !name.endsWith("_train"))
        // Every phrasing of every fact is trained, or it could not be recalled.
        .filter(name -> !name.contains("facts"))
        .toList();
  }

  private List<String> without(String says, String name) {
    return instructions(name).stream().map(text -> text.replace(says, "")).toList();
  }

  private List<String> instructions(String name) {
    return new JsonMapper()
        .readTree(files.json(name))
        .valueStream()
        .map(row -> row.get("instruction").asString())
        .toList();
  }
}
