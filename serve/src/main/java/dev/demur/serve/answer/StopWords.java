package dev.demur.serve.answer;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Looks for stop texts in a text that comes in pieces, and holds back what may be the beginning of
/// one. Changed by every call.
final class StopWords {

  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopWords(List<String> stops) {
    this.stops = stops;
  }

  /// What is certain after one more piece. After a stop text nothing is.
  String next(String piece) {
    if (found) {
      return "";
    }
    held.append(piece);
    var first = firstToEnd();
    if (first.isPresent()) {
      found = true;
      return take(first.get().start());
    }
    return take(held.length() - beginning());
  }

  /// What was held back, when nothing more comes.
  String rest() {
    return found ? "" : take(held.length());
  }

  /// Whether a stop text came.
  boolean isFound() {
    return found;
  }

  private record Match(int start, int end) {}

  /// The stop text that is complete first, so that it does not matter how the text was cut; of
  /// those that end together the longest.
  private Optional<Match> firstToEnd() {
    return stops.stream()
        .map(stop -> new Match(held.indexOf(stop), held.indexOf(stop) + stop.length()))
        .filter(match -> match.start >= 0)
        .min(Comparator.comparingInt(Match::end).thenComparingInt(Match::start));
  }

  /// Length of the longest end of the text that a stop text begins with.
  private int beginning() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }

  private String take(int length) {
    String taken = held.substring(0, length);
    held.delete(0, length);
    return taken;
  }
}
