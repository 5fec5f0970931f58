package dev.demur.model.arch;

import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Rotary position embedding (Su et al. 2021, arXiv 2104.09864).
///
/// @param theta base of the frequencies
/// @param rotary how many elements of a head rotate, from the first on; even
/// @param scaling how frequencies are stretched
/// @param pairing which elements turn together
public record Rope(double theta, int rotary, RopeScaling scaling, Pairing pairing) {

  /// Which elements of a head turn together.
  public enum Pairing {
    /// Element `i` and element `i + rotary / 2`, as in most families.
    HALVES,
    /// Element `2i` and element `2i + 1`, as in the paper (GLM-4, ERNIE 4.5, Cohere 2).
    NEIGHBOURS
  }

  public Rope {
    if (!(theta > 0) || Double.isInfinite(theta)) {
      throw new IllegalArgumentException("theta must be positive, was " + theta);
    }
    if (rotary < 2 || rotary % 2 != 0) {
      throw new IllegalArgumentException("rotary must be even and at least 2, was " + rotary);
    }
  }

  /// The same rotation of neighbours.
  public Rope ofNeighbours() {
    return new Rope(theta, rotary, scaling, Pairing.NEIGHBOURS);
  }

  /// The same rotation without a factor on what it turns.
  public Rope unmagnified() {
    var plain =
        switch (scaling) {
          case RopeScaling.Yarn(
                  double factor,
                  double _,
                  double betaFast,
                  double betaSlow,
                  int original,
                  boolean whole) ->
              new RopeScaling.Yarn(factor, 1, betaFast, betaSlow, original, whole);
          case RopeScaling.LongRope(var near, var far, double _, int original) ->
              new RopeScaling.LongRope(near, far, 1, original);
          case RopeScaling.None _,
              RopeScaling.Linear _,
              RopeScaling.Llama3 _,
              RopeScaling.PerFrequency _,
              RopeScaling.DynamicNtk _,
              RopeScaling.SteppedNtk _ ->
              scaling;
        };
    return new Rope(theta, rotary, plain, pairing);
  }

  /// How fast each pair turns.
  ///
  /// @param inverse radians per position, `[rotary / 2]`
  /// @param magnitude factor on cosines and sines
  public record Frequencies(List<Double> inverse, double magnitude) {
    public Frequencies {
      inverse = List.copyOf(inverse);
    }
  }

  /// Cosines and sines of a pass's positions, as wide as what rotates.
  ///
  /// @param cos `[tokens, 1, rotary]`, the same for both of a pair
  /// @param sin `[tokens, 1, rotary]`, negative for the first of a pair
  record Angles(Tensor cos, Tensor sin, Pairing pairing) {

    /// Rotates the first `rotary` elements of every head; the rest pass through.
    ///
    /// @param x `[tokens, head, d_head]`
    Tensor rotate(Tensor x) {
      long rotary = cos.dim(2);
      long rest = x.dim(2) - rotary;
      if (rest == 0) {
        return turn(x);
      }
      return Tensor.cat(List.of(turn(x.narrow(2, 0, rotary)), x.narrow(2, rotary, rest)), 2);
    }

    private Tensor turn(Tensor x) {
      return x.times(cos).addProductInPlace(partners(x), sin);
    }

    /// Every element's partner in its place.
    private Tensor partners(Tensor x) {
      long half = cos.dim(2) / 2;
      return switch (pairing) {
        case HALVES -> x.rolled(2, half);
        case NEIGHBOURS ->
            x.reshape(x.dim(0), x.dim(1), half, 2).rolled(3, 1).reshape(x.dim(0), x.dim(1), -1);
      };
    }
  }

  /// The frequencies for a sequence of `length` tokens, past ones included.
  public Frequencies frequencies(int length) {
    return scaling.frequencies(theta, rotary, length);
  }

  /// Cosines and sines of one position, or of several one after the other.
  public static final class Turn {
    private final float[] cos;
    private final float[] sin;

    private Turn(int length) {
      cos = new float[length];
      sin = new float[length];
    }

    /// `[rotary / 2]` of each position.
    public float[] cos() {
      return cos;
    }

    /// `[rotary / 2]` of each position.
    public float[] sin() {
      return sin;
    }
  }

  /// How a position turns in a sequence of `length` tokens.
  public Turn turn(int position, int length) {
    var turn = new Turn(rotary / 2);
    turn(frequencies(length), position, turn, 0);
    return turn;
  }

  /// Writes a position's turn to a place of a longer list.
  private static void turn(Frequencies frequencies, int position, Turn all, int at) {
    int next = at;
    for (double frequency : frequencies.inverse()) {
      float angle = (float) frequency * position; // float32, as the models were trained
      all.cos[next] = (float) (frequencies.magnitude() * Math.cos(angle));
      all.sin[next++] = (float) (frequencies.magnitude() * Math.sin(angle));
    }
  }

  /// The angles of a pass's rows, on a device: those of each position once, then taken as often as
  /// rows have it.
  Angles at(Pass pass, Device device) {
    var rows = pass.rows();
    Map<Turned, Integer> places = new LinkedHashMap<>();
    int[] taken = new int[rows.tokens()];
    int next = 0;
    for (int i = 0; i < rows.size(); i++) {
      int start = pass.past().start(i);
      int end = start + rows.lengths().get(i);
      for (int position = start; position < end; position++) {
        var turned = new Turned(position, scaling.dependsOnLength() ? end : 0);
        taken[next++] = places.computeIfAbsent(turned, _ -> places.size());
      }
    }
    int half = rotary / 2;
    var all = new Turn(places.size() * half);
    Map<Integer, Frequencies> known = new HashMap<>();
    places.forEach(
        (turned, place) ->
            turn(
                known.computeIfAbsent(turned.length, this::frequencies),
                turned.position,
                all,
                place * half));
    var cos = Tensor.of(all.cos, places.size(), 1, half, 1);
    var sin = Tensor.of(all.sin, places.size(), 1, half, 1);
    var which = Tensor.ofIndices(Arrays.stream(taken)).on(device);
    return new Angles(
        paired(cos, cos).on(device).rows(which),
        paired(sin.times(-1), sin).on(device).rows(which),
        pairing);
  }

  /// A position and, where frequencies depend on it, the length of its sequence.
  private record Turned(int position, int length) {}

  /// The first and second of every pair, `[tokens, 1, pair, 1]`, where they lie in a head.
  private Tensor paired(Tensor first, Tensor second) {
    int between =
        switch (pairing) {
          case HALVES -> 2;
          case NEIGHBOURS -> 3;
        };
    return Tensor.cat(List.of(first, second), between).reshape(first.dim(0), 1, rotary);
  }
}
