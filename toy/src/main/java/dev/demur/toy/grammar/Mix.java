package dev.demur.toy.grammar;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// How often each kind of example is drawn, and how often in Spanish.
///
/// @param weights relative frequency by kind; kinds left out are never drawn
/// @param spanish share of examples in Spanish, 0 to 1
/// @param writing how an example stands in the assistant's turn
public record Mix(Map<ExampleKind, Double> weights, double spanish, Writing writing) {

  /// A mix for a model that never thinks.
  public Mix(Map<ExampleKind, Double> weights, double spanish) {
    this(weights, spanish, new Writing.Plain());
  }

  public Mix {
    // An EnumMap: the order decides which example a random number means.
    weights = java.util.Collections.unmodifiableMap(new EnumMap<>(weights));
    if (!(spanish >= 0 && spanish <= 1)) {
      throw new IllegalArgumentException("spanish must be from 0 to 1, was " + spanish);
    }
  }

  /// A stream of examples, the same for the same random numbers.
  ///
  /// @param random draws everything; changed by every call of the drawer
  public Drawer drawer(RandomGenerator random) {
    return new Drawer(
        this, new ExampleMaker(Lexicon.english()), new ExampleMaker(Lexicon.spanish()), random);
  }

  /// Draws examples by a mix. Every call changes its random generator.
  public static final class Drawer {

    private final Mix mix;
    private final ExampleMaker english;
    private final ExampleMaker spanish;
    private final RandomGenerator random;

    private Drawer(Mix mix, ExampleMaker english, ExampleMaker spanish, RandomGenerator random) {
      this.mix = mix;
      this.english = english;
      this.spanish = spanish;
      this.random = random;
    }

    /// The next example.
    public Example next() {
      ExampleMaker maker = random.nextDouble() < mix.spanish() ? spanish : english;
      return maker.draw(kind(), random);
    }

    /// The next `count` examples.
    public List<Example> next(int count) {
      return java.util.stream.Stream.generate(this::next).limit(count).toList();
    }

    private ExampleKind kind() {
      double total = mix.weights().values().stream().mapToDouble(Double::doubleValue).sum();
      double left = random.nextDouble() * total;
      ExampleKind last = null;
      for (var entry : mix.weights().entrySet()) {
        last = entry.getKey();
        left -= entry.getValue();
        if (left < 0) {
          return last;
        }
      }
      if (last == null) {
        throw new IllegalStateException("the mix names no kind of example");
      }
      return last; // rounding left a crumb
    }
  }
}
