package dev.demur.model.hook;

import static java.util.Objects.requireNonNull;

import dev.demur.model.tensor.ShapeException;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What to do at which places of a forward pass. Complete before the pass begins; immutable.
///
/// At one hook point edits run first, in the order they were added; probes then see what the rest
/// of the model sees.
public final class HookPlan {

  private static final HookPlan NONE = new HookPlan(Map.of(), Map.of());

  private final Map<HookPoint, List<Edit>> edits;
  private final Map<HookPoint, List<Probe>> probes;

  private HookPlan(Map<HookPoint, List<Edit>> edits, Map<HookPoint, List<Probe>> probes) {
    this.edits = edits;
    this.probes = probes;
  }

  /// Nothing to do anywhere.
  public static HookPlan none() {
    return NONE;
  }

  /// This plan with one more edit, run after those already at its hook point.
  ///
  /// @throws IllegalArgumentException if the site can only be read
  public HookPlan edit(HookPoint at, Edit edit) {
    if (at.site() == Site.PATTERN_LAST) {
      throw new IllegalArgumentException(
          at + " can only be read; edit " + new HookPoint(at.layer(), Site.PATTERN));
    }
    return new HookPlan(with(edits, at, requireNonNull(edit, "edit")), probes);
  }

  /// This plan with one more probe.
  public HookPlan probe(HookPoint at, Probe probe) {
    return new HookPlan(edits, with(probes, at, requireNonNull(probe, "probe")));
  }

  /// This plan followed by another: its edits run after ours.
  public HookPlan then(HookPlan next) {
    return new HookPlan(merge(edits, next.edits), merge(probes, next.probes));
  }

  /// True when no activation is read.
  public boolean hasNoProbes() {
    return probes.isEmpty();
  }

  /// The first layer at which anything is edited, or `Integer.MAX_VALUE` when nothing is.
  public int firstEditedLayer() {
    return edits.keySet().stream().mapToInt(HookPoint::layer).min().orElse(Integer.MAX_VALUE);
  }

  /// The last layer at which anything is read or edited, or −1 when nothing is.
  public int lastLayer() {
    return Math.max(last(edits), last(probes));
  }

  private static int last(Map<HookPoint, ?> map) {
    return map.keySet().stream().mapToInt(HookPoint::layer).max().orElse(-1);
  }

  /// True when something is read or replaced there.
  public boolean touches(HookPoint at) {
    return edits.containsKey(at) || probes.containsKey(at);
  }

  /// All places where something is read or replaced.
  public Set<HookPoint> points() {
    return Stream.concat(edits.keySet().stream(), probes.keySet().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Runs the edits and then the probes of one place.
  ///
  /// @return the activation to use from here on
  /// @throws ShapeException if an edit changes the shape
  public Tensor apply(HookPoint at, Tensor activation, Packing packing) {
    var current = activation;
    for (var edit : edits.getOrDefault(at, List.of())) {
      var edited = edit.apply(current, packing);
      if (!edited.shape().equals(activation.shape())) {
        throw new ShapeException(
            at + ": an edit turned " + activation.shape() + " into " + edited.shape());
      }
      current = edited;
    }
    for (var probe : probes.getOrDefault(at, List.of())) {
      probe.observe(current, packing);
    }
    return current;
  }

  private static <T> Map<HookPoint, List<T>> with(
      Map<HookPoint, List<T>> map, HookPoint at, T value) {
    return merge(map, Map.of(at, List.of(value)));
  }

  private static <T> Map<HookPoint, List<T>> merge(
      Map<HookPoint, List<T>> first, Map<HookPoint, List<T>> second) {
    var merged = new LinkedHashMap<>(first);
    second.forEach(
        (at, values) ->
            merged.merge(
                at,
                values,
                (a, b) -> {
                  var both = new ArrayList<>(a);
                  both.addAll(b);
                  return List.copyOf(both);
                }));
    return merged;
  }
}
