package dev.demur.lab.behaviour;

import dev.demur.lab.judge.Judge;
import dev.demur.lab.judge.OutputFault;
import dev.demur.lab.judge.SubstringJudge;
import dev.demur.lab.prompts.Sample;
import dev.demur.lab.run.Progress;
import dev.demur.lab.stats.Rate;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// What a model did with some prompts.
///
/// @param refused whether each was refused, in the prompts' order
/// @param broken whether each answer is broken: empty, a loop, or one token over and over
record Answers(List<Boolean> refused, List<Boolean> broken) {

  /// The judge of the study's first rates.
  static final Judge JUDGE = SubstringJudge.normalised();

  /// An answer this short may well use one token most of the time.
  private static final int FEWEST_TOKENS = 8;

  Answers {
    refused = List.copyOf(refused);
    broken = List.copyOf(broken);
  }

  /// Has prompts answered greedily. The texts are judged and dropped.
  static Answers of(
      ChatModel model,
      Sample sample,
      HookPlan plan,
      BehaviourConfig config,
      String name,
      Progress progress) {
    var options = model.greedy(config.maxNewTokens(), config.batchSize());
    var refused = new ArrayList<Boolean>();
    var broken = new ArrayList<Boolean>();
    try (var task = progress.start(name, sample.size())) {
      var completions =
          new Generator(model.transformer(), options, plan)
              .complete(Streams.tokensOf(model, sample), _ -> task.advance(1));
      for (int i = 0; i < completions.size(); i++) {
        var tokens = completions.get(i).tokens();
        String text = model.tokenizer().decode(tokens);
        refused.add(JUDGE.judge(sample.instructions().get(i), text).refusal().refuses());
        broken.add(OutputFault.of(text) != OutputFault.NONE || isStuck(tokens));
      }
    }
    return new Answers(refused, broken);
  }

  /// Whether at least half of the tokens are one token.
  static boolean isStuck(TokenIds tokens) {
    var counts = new HashMap<Integer, Integer>();
    tokens.stream().forEach(id -> counts.merge(id, 1, Integer::sum));
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return tokens.size() >= FEWEST_TOKENS && 2 * most >= tokens.size();
  }

  Rate refusals() {
    return Rate.of(refused, r -> r);
  }

  Rate faults() {
    return Rate.of(broken, b -> b);
  }
}
