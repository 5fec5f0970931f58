package dev.demur.lab.stats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Two variants judged on the same prompts, with the change from the first to the second and its
/// test.
///
/// @param counts the pairs
/// @param change share of the second minus share of the first
/// @param interval of the change, 95 % by Tango
/// @param pValue exact McNemar test, two-sided
/// @param adjusted after Holm's correction over the family the test belongs to
public record PairedTest(
    PairedCounts counts, double change, Interval interval, double pValue, double adjusted) {

  /// A test that is a family of its own.
  public static PairedTest of(PairedCounts counts) {
    return of(counts, counts.mcNemar());
  }

  /// The tests of one family, corrected by Holm over all of them, in their order.
  public static List<PairedTest> family(List<PairedCounts> counts) {
    var adjusted = Significance.holm(counts.stream().map(PairedCounts::mcNemar).toList());
    var tests = new ArrayList<PairedTest>();
    for (int i = 0; i < counts.size(); i++) {
      tests.add(of(counts.get(i), adjusted.get(i)));
    }
    return List.copyOf(tests);
  }

  /// The tests of one family by what they are about, corrected by Holm over all of them.
  public static <K> SequencedMap<K, PairedTest> family(SequencedMap<K, PairedCounts> counts) {
    var tests = family(List.copyOf(counts.values())).iterator();
    var named = new LinkedHashMap<K, PairedTest>();
    counts.keySet().forEach(about -> named.put(about, tests.next()));
    return Collections.unmodifiableSequencedMap(named);
  }

  private static PairedTest of(PairedCounts counts, double adjusted) {
    // Counted from the second, so that a risk difference is "second minus first".
    var secondFirst =
        new PairedCounts(
            counts.both(),
            /* onlyFirst= */ counts.onlySecond(),
            /* onlySecond= */ counts.onlyFirst(),
            counts.neither());
    return new PairedTest(
        counts,
        secondFirst.riskDifference(),
        secondFirst.riskDifferenceInterval(Interval.USUAL_LEVEL),
        counts.mcNemar(),
        adjusted);
  }
}
