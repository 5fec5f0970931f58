package dev.demur.lab.map.geometry;

import java.util.ArrayList;
import java.util.List;

/// Puts directions that are alike next to each other: the two groups that are nearest on average
/// are joined, again and again, each turned so that the nearest ends meet.
public final class Clustering {

  private final List<Double> cosines;
  private final int n;

  private Clustering(List<Double> cosines, int n) {
    this.cosines = cosines;
    this.n = n;
  }

  /// The order of directions.
  ///
  /// @param cosines row by row
  /// @param n how many directions
  public static List<Integer> order(List<Double> cosines, int n) {
    return new Clustering(cosines, n).order();
  }

  private List<Integer> order() {
    var groups = new ArrayList<List<Integer>>();
    for (int i = 0; i < n; i++) {
      groups.add(List.of(i));
    }
    while (groups.size() > 1) {
      int left = 0;
      int right = 1;
      for (int i = 0; i < groups.size(); i++) {
        for (int j = i + 1; j < groups.size(); j++) {
          if (mean(groups.get(i), groups.get(j)) > mean(groups.get(left), groups.get(right))) {
            left = i;
            right = j;
          }
        }
      }
      var second = groups.remove(right);
      groups.set(left, joined(groups.get(left), second));
    }
    return groups.isEmpty() ? List.of() : groups.getFirst();
  }

  private double cosine(int one, int two) {
    return cosines.get(one * n + two);
  }

  private double mean(List<Integer> one, List<Integer> two) {
    double sum = 0;
    for (int i : one) {
      for (int j : two) {
        sum += cosine(i, j);
      }
    }
    return sum / (one.size() * two.size());
  }

  private List<Integer> joined(List<Integer> one, List<Integer> two) {
    List<Integer> best = List.of();
    double highest = Double.NEGATIVE_INFINITY;
    for (var left : List.of(one, one.reversed())) {
      for (var right : List.of(two, two.reversed())) {
        double here = cosine(left.getLast(), right.getFirst());
        if (here > highest) {
          highest = here;
          best = new ArrayList<>(left);
          best.addAll(right);
        }
      }
    }
    return List.copyOf(best);
  }
}
