package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.policy.fit.BypassFit;
import dev.demur.lab.policy.fit.FitSets;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The direction that a trial of everything takes when none is given, on the embedded model.
class BypassFitTest {

  private static final int PROMPTS = 16;

  @Test
  void whatIsAblatedTakesRefusalOutAndLeavesHarmlessAnswers() throws IOException {
    try (var model = ChatModel.load("demo");
        var _ = Scope.open()) {
      var sets = new FitSets(first("harmful"), first("harmless"), List.of());
      var opening = Set.copyOf(model.tokenizer().encode("I").toList());
      var facts = new BypassFit(model, sets).ablation(opening).facts();
      assertThat(number(facts.get("score_before"))).isPositive();
      assertThat(number(facts.get("score_after"))).isNegative();
      assertThat(number(facts.get("kl_on_harmless"))).isBetween(0.0, 0.1);
    }
  }

  private static double number(@Nullable Object fact) {
    return fact instanceof Double number ? number : Double.NaN;
  }

  private static List<String> first(String kind) throws IOException {
    return PromptReader.usual()
        .read(DemoModel.prompts("splits/" + kind + "_train"))
        .first(PROMPTS)
        .instructions();
  }
}
