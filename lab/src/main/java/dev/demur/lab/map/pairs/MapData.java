package dev.demur.lab.map.pairs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a map is made of.
///
/// @param pairs at least one, of different names
/// @param given sets to try directions on, besides those of the pairs; one that is called like a
///   pair gets a name of its own
/// @param controlled prompts to refuse and prompts to follow, from which a controlled set is drawn;
///   empty for none
/// @param backTranslated for pairs in another language, the name of the pair that holds the same
///   prompts translated back: what of a difference is due to the translation
public record MapData(
    List<Pair> pairs,
    List<AskedSet> given,
    List<AskedSet> controlled,
    SequencedMap<String, String> backTranslated) {

  /// Without pairs that are translated back.
  public MapData(List<Pair> pairs, List<AskedSet> given, List<AskedSet> controlled) {
    this(pairs, given, controlled, new LinkedHashMap<>());
  }

  public MapData {
    pairs = List.copyOf(pairs);
    controlled = List.copyOf(controlled);
    backTranslated = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(backTranslated));
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("a map needs at least one pair of prompt sets");
    }
    var names = new ArrayList<>(pairs.stream().map(Pair::name).toList());
    given = given.stream().map(set -> names.contains(set.name()) ? asked(set) : set).toList();
    given.forEach(set -> names.add(set.name()));
    for (String name : names) {
      if (names.indexOf(name) != names.lastIndexOf(name)) {
        throw new IllegalArgumentException(
            "two pairs or sets are called " + name + "; names must differ");
      }
    }
  }

  /// The same with more sets to try directions on.
  public MapData asking(List<AskedSet> more) {
    var all = new ArrayList<>(given);
    all.addAll(more);
    return new MapData(pairs, all, controlled, backTranslated);
  }

  /// A set under a name that no pair has.
  private static AskedSet asked(AskedSet set) {
    return new AskedSet(set.name() + ", asked", set.role(), set.prompts());
  }

  /// Pairs alone.
  public static MapData of(List<Pair> pairs) {
    return new MapData(pairs, List.of(), List.of());
  }
}
