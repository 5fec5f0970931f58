package dev.demur.lab.activations;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Which of a row of things are wanted: all, or some in an order of their own. Counted from 0, or
/// from the end when negative: −1 is the last.
public sealed interface Places {

  /// Every one, in order.
  record All() implements Places {}

  /// These, in this order.
  record Some(List<Integer> places) implements Places {
    public Some {
      places = List.copyOf(places);
      if (places.isEmpty()) {
        throw new IllegalArgumentException("name at least one place, or \"all\"");
      }
    }
  }

  /// Reads `all`, or places and ranges with commas between: `0,4-7,-1`, `-5..-1`.
  ///
  /// @throws IllegalArgumentException if the text is neither
  static Places parse(String text) {
    if (text.strip().equals("all")) {
      return new All();
    }
    var places = new ArrayList<Integer>();
    for (String part : text.split(",", -1)) {
      places.addAll(range(part.strip(), text));
    }
    return new Some(places);
  }

  private static List<Integer> range(String part, String whole) {
    Matcher matcher = Notation.RANGE.matcher(part);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"" + whole + "\" is not a list of places; expected all, or e.g. 0,4-7,-1 or -5..-1");
    }
    int from = Integer.parseInt(matcher.group("from"));
    String last = matcher.group("to");
    int to = last == null ? from : Integer.parseInt(last);
    if (to < from || (from < 0) != (to < 0)) {
      throw new IllegalArgumentException(
          "\"" + part + "\" is not a range; its end must not lie before its start");
    }
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  /// The places among `size` things, counted from 0.
  ///
  /// @param what the things' name, for the message
  /// @throws IllegalArgumentException if one lies outside
  default List<Integer> among(int size, String what) {
    return switch (this) {
      case All() -> IntStream.range(0, size).boxed().toList();
      case Some(var places) ->
          places.stream()
              .map(
                  place -> {
                    if (place < -size || place >= size) {
                      throw new IllegalArgumentException(
                          String.format(
                              Locale.ROOT,
                              "%s %d is outside: there are %d, 0 to %d (or %d to -1 from the end)",
                              what,
                              place,
                              size,
                              size - 1,
                              -size));
                    }
                    return place < 0 ? place + size : place;
                  })
              .toList();
    };
  }

  /// How places are written.
  final class Notation {

    /// At most six digits, so that no number overflows.
    private static final Pattern RANGE =
        Pattern.compile("(?<from>-?\\d{1,6})(?:(?:-|\\.\\.)(?<to>-?\\d{1,6}))?");

    private Notation() {}
  }
}
