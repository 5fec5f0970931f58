package dev.demur.toy.grammar;

import static dev.demur.toy.grammar.RequestMaker.pick;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Draws training examples of limits and counting, from the train part only.
final class LimitMaker {

  /// How often a request without a thing is drawn: one such stands against dozens with one.
  private static final double PLAIN_SHARE = 0.05;

  private final ThinkLexicon think;
  private final List<Drawn> limits;
  private final List<Counting.Count> counts;

  /// A limit with its training requests.
  private record Drawn(Limit limit, List<Exchange> beyond, List<Exchange> within) {}

  LimitMaker(ThinkLexicon think) {
    this.think = think;
    this.limits =
        think.limits().stream()
            .map(l -> new Drawn(l, l.refused().train(), l.answered().train()))
            .toList();
    this.counts =
        think.counting().isPresent() ? think.counting().get().counts().train() : List.of();
  }

  /// An example of one kind, or nothing when the language has none.
  Optional<Example> draw(ExampleKind kind, RandomGenerator random) {
    if (kind == ExampleKind.COUNTING) {
      return counting(random);
    }
    return limits.isEmpty() ? Optional.empty() : Optional.of(limit(kind, random));
  }

  private Example limit(ExampleKind kind, RandomGenerator random) {
    Drawn drawn = pick(limits, random);
    if (kind == ExampleKind.WITHIN_LIMIT) {
      return example(kind, pick(drawn.within(), random), think.thoughts().known());
    }
    boolean plain = random.nextDouble() < PLAIN_SHARE;
    return example(
        kind,
        pick(plain ? drawn.limit().plain() : drawn.beyond(), random),
        drawn.limit().thought());
  }

  private Optional<Example> counting(RandomGenerator random) {
    return think
        .counting()
        .map(
            counting -> {
              var count = pick(counts, random);
              return example(
                  ExampleKind.COUNTING,
                  counting.ask(pick(counting.questions(), random), count),
                  counting.thought(count));
            });
  }

  private static Example example(ExampleKind kind, Exchange exchange, String thought) {
    return new Example(kind, exchange.question(), thought, exchange.answer());
  }
}
