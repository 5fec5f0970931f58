package dev.demur.lab.map.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.judge.Language;
import dev.demur.lab.map.pairs.AskedSet;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What counts, and where.
class OutcomesTest {

  private static List<MapPrompt> prompts(String words, int count) {
    return IntStream.range(0, count).mapToObj(i -> MapPrompt.of(words + " " + i)).toList();
  }

  @Test
  void theControlledSetHasEquallyManyOfEveryKindThatHasSome() {
    var harmful = new AskedSet("harmful", AskedSet.Role.HARMFUL, prompts("Break", 20));
    var benign = new AskedSet("benign", AskedSet.Role.BENIGN, prompts("Bake", 12));
    var all = new ArrayList<MapPrompt>(harmful.prompts());
    all.addAll(benign.prompts());
    var readings = // 7 of the harmful prompts are refused, and 2 of the benign ones
        IntStream.range(0, all.size())
            .mapToObj(
                i ->
                    new Reading(
                        i, Optional.empty(), Optional.of(i < 7 || i >= all.size() - 2), false))
            .toList();
    var answered = Answered.of(new Outcome.FirstToken(), all, readings);
    var set = Controlled.of(List.of(harmful, benign), answered, 50);
    assertThat(set.sets()).extracting(AskedSet::name).containsExactly("HR", "HC", "BC");
    assertThat(set.sets()).allMatch(one -> one.prompts().size() == 7);
    var row = set.unedited().orElseThrow();
    assertThat(row.harmful()).isEqualTo(new Rate(7, 14));
    assertThat(row.benign()).isEqualTo(new Rate(0, 7));
    assertThat(row.right()).isEqualTo(new Rate(14, 21));
  }

  @Test
  void anAnswerIsInTheLanguageWantedOrInThePromptsOwn() {
    var spanish = new Outcome.Spoken(Optional.of(Language.SPANISH));
    assertThat(spanish.isSpoken("No puedo ayudar con eso, lo siento.", "en")).contains(true);
    assertThat(spanish.isSpoken("I cannot help you with that.", "es")).contains(false);
    assertThat(spanish.isSpoken("42", "es")).as("a number is of no language").isEmpty();
    var own = new Outcome.Spoken(Optional.empty());
    assertThat(own.isSpoken("I cannot help you with that.", "en")).contains(true);
    assertThat(own.isSpoken("I cannot help you with that.", "es")).contains(false);
  }

  @Test
  void answersAreComparedWithTheirKeys() {
    assertThat(AnswerKey.LETTER.isRight("So the answer is (C).", "c")).contains(true);
    assertThat(AnswerKey.LETTER.isRight("B) because", "C")).contains(false);
    assertThat(AnswerKey.LETTER.isRight("I wonder.", "C")).isEmpty();
    assertThat(AnswerKey.NUMBER.isRight("3 and 4 make 1,207.", "#### 1207")).contains(true);
    assertThat(AnswerKey.NUMBER.isRight("none", "7")).isEmpty();
    assertThat(AnswerKey.TEXT.isRight("It is in PARIS, I think", "Paris; Lutetia")).contains(true);
  }
}
