package dev.demur.lab.profile;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.profile.ModelSpeed.Task;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// What a model's speed is measured on. Tokens are made up: which they are does not change the
/// time. The direction belongs to the scope this is made in.
final class Workload {

  private static final int LENGTH = 32;
  private static final int SHORTEST = 12;
  private static final int LENGTHS = 48;
  private static final int SEQUENCES = 128;
  private static final int BATCH_STEPS = 12;
  private static final int STEPS = 24;

  /// Tokens written before the first that count: kernels are compiled while they run.
  private static final int WARMING_STEPS = 72;

  private final ChatModel model;
  private final Device device;
  private final List<TokenIds> equal;
  private final List<TokenIds> mixed;
  private final HookPlan ablation;
  private final HookPlan lastStream;
  private boolean warm;

  Workload(ChatModel model) {
    this.model = model;
    this.device = model.transformer().holding().placement().last();
    int prompts = model.transformer().policy().batchTokens() / LENGTH;
    var random = new SplittableRandom(1);
    int layers = model.config().nLayers();
    int vocabulary = model.config().dVocab();
    equal = new ArrayList<>();
    mixed = new ArrayList<>();
    for (int i = 0; i < prompts; i++) {
      int length = SHORTEST + random.nextInt(LENGTHS);
      equal.add(TokenIds.of(random.ints(LENGTH, 0, vocabulary).toArray()));
      mixed.add(TokenIds.of(random.ints(length, 0, vocabulary).toArray()));
    }
    var direction =
        Direction.fromMeanDiff(
            Tensor.gaussian(random, model.config().dModel()),
            new HookPoint(layers / 2, Site.RESID_PRE),
            -1);
    ablation = Policy.ablation(direction).plan(layers);
    // Looks at nothing, but makes a pass compute every row of the last block.
    lastStream = HookPlan.none().probe(new HookPoint(layers - 1, Site.RESID_POST), (_, _) -> {});
  }

  /// As many prompts of 12 to 59 tokens as make a batch.
  List<TokenIds> mixed() {
    return mixed;
  }

  /// Does a task once and tells how many tokens a second it read or wrote.
  double tokensPerSecond(Task task) {
    var forward = model.forward();
    return switch (task) {
      case PREFILL -> read(equal, () -> forward.run(equal, lastStream));
      case MIXED_PROMPTS -> read(mixed, () -> forward.lastLogits(mixed, HookPlan.none()));
      case ABLATED_PROMPTS -> read(mixed, () -> forward.lastLogits(mixed, ablation));
      case BATCH_DECODE -> {
        var prompts =
            IntStream.range(0, SEQUENCES)
                .mapToObj(
                    i -> equal.get(i % equal.size()).slice(i / equal.size(), i / equal.size() + 1))
                .toList();
        int tokens = SEQUENCES * BATCH_STEPS;
        yield tokens
            / Stopwatch.seconds(device, 1, () -> generator(BATCH_STEPS).complete(prompts, _ -> {}));
      }
      case DECODE -> decode();
    };
  }

  private double read(List<TokenIds> prompts, Runnable pass) {
    return prompts.stream().mapToInt(TokenIds::size).sum() / Stopwatch.seconds(device, 1, pass);
  }

  /// From the first token written to the last, so that reading the prompt does not count.
  private double decode() {
    if (!warm) {
      warm = true;
      generator(WARMING_STEPS).stream(equal.getFirst(), _ -> true);
    }
    var times = new ArrayList<Long>();
    generator(STEPS).stream(
        equal.getFirst(),
        _ -> {
          times.add(System.nanoTime());
          return true;
        });
    return (times.size() - 1) * Stopwatch.NANOS / (times.getLast() - times.getFirst());
  }

  private Generator generator(int tokens) {
    var options = new GenerationOptions(tokens, SEQUENCES, new Sampler.Greedy(), Set.of());
    return new Generator(model.transformer(), options, HookPlan.none());
  }
}
