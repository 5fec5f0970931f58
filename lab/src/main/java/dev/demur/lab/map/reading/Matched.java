package dev.demur.lab.map.reading;

import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.stats.Summary;
import dev.demur.model.ChatModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/// Target prompts with contrast prompts of about the same length and number of digits, so that a
/// direction made of them cannot be one of length or digits.
///
/// @param side the same pair with those prompts alone to make its direction; the sides may be empty
/// @param targets what target prompts were like before
/// @param contrasts what contrast prompts were like
public record Matched(Side side, Shape targets, Shape contrasts) {

  /// Partners differ by at most so many standard deviations in either.
  private static final double CALIPER = 0.5;

  /// Means of some prompts.
  public record Shape(double tokens, double digits) {
    private static Shape of(List<Point> points) {
      return new Shape(
          points.stream().mapToDouble(Point::tokens).average().orElse(0),
          points.stream().mapToDouble(Point::digits).average().orElse(0));
    }
  }

  /// A prompt's length and digits.
  private record Point(MapPrompt prompt, double tokens, double digits) {}

  /// A prompt of either side.
  private record Couple(Point target, Point contrast, double distance) {}

  /// Finds partners for a pair's training prompts, the nearest first, each prompt at most once.
  public static Matched of(ChatModel model, Side side) {
    var targets = points(model, side.train());
    var contrasts = points(model, side.trainContrast());
    var all = Stream.concat(targets.stream(), contrasts.stream()).toList();
    double tokens = Math.max(1, Summary.of(all.stream().map(Point::tokens).toList()).sd());
    double digits = Math.max(1, Summary.of(all.stream().map(Point::digits).toList()).sd());
    var couples = new ArrayList<Couple>();
    for (var one : targets) {
      for (var two : contrasts) {
        double distance =
            Math.max(
                Math.abs(one.tokens() - two.tokens()) / tokens,
                Math.abs(one.digits() - two.digits()) / digits);
        if (distance <= CALIPER) {
          couples.add(new Couple(one, two, distance));
        }
      }
    }
    couples.sort(Comparator.comparingDouble(Couple::distance));
    var taken = new HashSet<MapPrompt>();
    var left = new ArrayList<MapPrompt>();
    var right = new ArrayList<MapPrompt>();
    for (var couple : couples) {
      var one = couple.target().prompt();
      var two = couple.contrast().prompt();
      if (!taken.contains(one) && !taken.contains(two)) {
        taken.add(one);
        taken.add(two);
        left.add(one);
        right.add(two);
      }
    }
    return new Matched(side.madeOf(left, right), Shape.of(targets), Shape.of(contrasts));
  }

  private static List<Point> points(ChatModel model, List<MapPrompt> prompts) {
    return prompts.stream()
        .map(
            prompt ->
                new Point(
                    prompt,
                    prompt.tokens(model).size(),
                    prompt.text().chars().filter(Character::isDigit).count()))
        .toList();
  }

  /// The pair under a name that says what its direction is made of.
  public Side named() {
    return side.named(side.name() + ", matched");
  }

  /// Whether there are enough to take means of.
  public boolean isEnough() {
    return side.train().size() >= 2;
  }
}
