package dev.demur.toy.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Words or templates by the part they may be used in.
///
/// @param train used in training
/// @param val first met in the validation part
/// @param test first met in the test part
/// @param <T> what is listed
public record Parted<T>(List<T> train, List<T> val, List<T> test) {

  public Parted {
    train = List.copyOf(train);
    val = List.copyOf(val);
    test = List.copyOf(test);
    if (train.isEmpty()) {
      throw new IllegalArgumentException("the train part must not be empty");
    }
  }

  private static final Seeds SPLIT = new Seeds(2026);
  private static final double TRAIN_SHARE = 0.5;
  private static final double VAL_SHARE = 0.1;

  /// Cuts a list into the three parts, the same way every time.
  ///
  /// @param stage names the list
  static <T> Parted<T> cut(List<T> all, String stage) {
    var shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, Random.from(SPLIT.forStage("split/" + stage)));
    int train = (int) Math.round(all.size() * TRAIN_SHARE);
    int val = train + (int) Math.round(all.size() * VAL_SHARE);
    return new Parted<>(
        shuffled.subList(0, train),
        shuffled.subList(train, val),
        shuffled.subList(val, shuffled.size()));
  }

  /// The list of one part.
  public List<T> of(Part part) {
    return switch (part) {
      case TRAIN -> train;
      case VAL -> val;
      case TEST -> test;
    };
  }
}
