package dev.demur.lab.map.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Scoped;
import dev.demur.lab.Seeds;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.pairs.Pair;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.map.reading.Placed;
import dev.demur.lab.map.reading.Reads;
import dev.demur.lab.map.reading.Side;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a map says of directions whose labels mean nothing.
@Scoped
class AnglesNullTest {

  private static final int D_MODEL = 6;
  private static final int SIDE = 24;
  private static final int LABELLINGS = 200;
  private static final Candidate PLACE = new Candidate(-1, 0);

  /// Prompts differ mostly along one axis, as prompts of a model do: the labels of one pair lie
  /// along it, those of the other are dealt out anew each time.
  @Test
  void cosinesOfShuffledLabelsAreFoundFiveTimesOfAHundred() {
    var random = new Random(11);
    var all = prompts("one", 2 * SIDE);
    var fixed = prompts("two", 2 * SIDE);
    var reads = reads(List.of(all), List.of(fixed), random);
    var other = placed("other", fixed, reads);
    int found = 0;
    for (int i = 0; i < LABELLINGS; i++) {
      try (var _ = Scope.open()) {
        Collections.shuffle(all, random);
        var mine = placed("mine", all, reads);
        var cell = new Angles(reads, List.of(mine, other), new Seeds(i)).cell(mine, other);
        found += cell.pValue().orElseThrow() <= 0.05 ? 1 : 0;
      }
    }
    // 10 of 200 are expected; more than 19 or fewer than 3 has a chance below 1 in 100.
    assertThat(found).isBetween(3, 19);
  }

  @Test
  void aCosineThatIsThereIsFound() {
    var one = prompts("one", 2 * SIDE);
    var two = prompts("two", 2 * SIDE);
    var reads = reads(List.of(), List.of(one, two), new Random(11));
    var first = placed("first", one, reads);
    var second = placed("second", two, reads);
    var cell = new Angles(reads, List.of(first, second), new Seeds(1)).cell(first, second);
    assertThat(cell.pValue().orElseThrow()).isLessThan(0.001);
  }

  private static List<MapPrompt> prompts(String name, int count) {
    return new ArrayList<>(
        IntStream.range(0, count).mapToObj(i -> MapPrompt.of(name + " " + i)).toList());
  }

  /// The first half of the prompts against the second.
  private static Placed placed(String name, List<MapPrompt> prompts, Reads reads) {
    var target = prompts.subList(0, SIDE);
    var contrast = prompts.subList(SIDE, prompts.size());
    var config = MapConfig.usual().at(0, -1).withSizes(SIDE, SIDE);
    var side = Side.of(List.of(new Pair(name, target, contrast)), config).getFirst();
    return Placed.of(side, PLACE, reads);
  }

  /// `[prompt, 1, 1, d_model]`, the first axis four times as wide as the others; the first half of
  /// a leaning set lies along the second.
  private static Reads reads(
      List<List<MapPrompt>> plain, List<List<MapPrompt>> leaning, Random random) {
    var places = new HashMap<String, Integer>();
    var rows = new ArrayList<Double>();
    for (var set : Stream.concat(plain.stream(), leaning.stream()).toList()) {
      for (int at = 0; at < set.size(); at++) {
        places.put(set.get(at).text(), places.size());
        for (int i = 0; i < D_MODEL; i++) {
          boolean leans = i == 1 && at < SIDE && leaning.contains(set);
          rows.add(random.nextGaussian() * (i == 0 ? 4 : 1) + (leans ? 5 : 0));
        }
      }
    }
    double[] values = rows.stream().mapToDouble(Double::doubleValue).toArray();
    var tensor =
        Tensor.ofDoubles(values, places.size(), D_MODEL).reshape(places.size(), 1, 1, D_MODEL);
    return new Reads(places, tensor, Map.of());
  }
}
