package dev.demur.model.hook;

import static java.util.Objects.requireNonNull;

import dev.demur.model.tensor.ShapeException;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What to do at which places of a forward pass. Complete before the pass begins; immutable.
///
/// ```java
/// var plan = HookPlan.none()
///     .edit(point, x -> x.times(2))                                    // every token alike
///     .editAt(point, Positions.last(), (x, rows) -> x.plus(shift));    // some tokens
/// ```
///
/// At one hook point edits run first, in the order they were added; probes then see what the rest
/// of the model sees. A plan knows which tokens its edits tell apart, and passes obey: what prompts
/// begin with is run once for all of them only where no edit and no probe could notice. So a plan
/// gives the same numbers in a batch and alone, with a cache and without.
public final class HookPlan implements Steering {

  private static final HookPlan NONE = new HookPlan(Map.of(), Map.of());

  private final Map<HookPoint, List<Change>> edits;
  private final Map<HookPoint, List<Watch>> probes;
  private final Set<HookPoint> points;
  private final int editedApart;
  private final int ownTokens;

  private HookPlan(Map<HookPoint, List<Change>> edits, Map<HookPoint, List<Watch>> probes) {
    this.edits = edits;
    this.probes = probes;
    this.points =
        Stream.concat(edits.keySet().stream(), probes.keySet().stream())
            .collect(Collectors.toUnmodifiableSet());
    this.editedApart =
        edits.values().stream().flatMap(List::stream).mapToInt(Change::ownTokens).max().orElse(0);
    this.ownTokens =
        Math.max(
            editedApart,
            probes.values().stream()
                .flatMap(List::stream)
                .mapToInt(watch -> watch.positions.ownTokens())
                .max()
                .orElse(0));
  }

  /// One probe, and where it looks.
  record Watch(Positions positions, Probe probe) {

    void observe(Tensor activation, Rows rows, Site site) {
      var seen = rows.at(positions);
      if (seen.tokens() == rows.tokens()) {
        probe.observe(activation, rows);
      } else if (seen.tokens() > 0) {
        var indices = Tensor.ofIndices(rows.indices(positions));
        probe.observe(activation.select(site.isOfPairs() ? 1 : 0, indices), seen);
      }
    }
  }

  /// Nothing to do anywhere.
  public static HookPlan none() {
    return NONE;
  }

  /// This plan with one more edit of every token, of prompts and answers alike.
  ///
  /// @param edit changes each row on its own; see [Edit] for what it is given
  /// @throws IllegalArgumentException if the site can only be read
  public HookPlan edit(HookPoint at, UnaryOperator<Tensor> edit) {
    return with(at, new Change.Alike(requireNonNull(edit, "edit")));
  }

  /// This plan with every token's component along a direction multiplied at some more places.
  ///
  /// @param unit `[d_model]`, float32, of length 1
  /// @param factor 0 removes the component
  /// @throws IllegalArgumentException if a site can only be read
  public HookPlan scaleAlong(List<HookPoint> places, Tensor unit, double factor) {
    var scaling = new Change.Scaling(new Along(unit, factor));
    var plan = this;
    for (var at : places) {
      plan = plan.with(at, scaling);
    }
    return plan;
  }

  /// The same at one place.
  public HookPlan scaleAlong(HookPoint at, Tensor unit, double factor) {
    return scaleAlong(List.of(at), unit, factor);
  }

  /// This plan with one more edit of the tokens at some positions. It may ask each row's prompt and
  /// position; at [Positions#all] it sees every token.
  ///
  /// @throws IllegalArgumentException if the site can only be read
  public HookPlan editAt(HookPoint at, Positions positions, Edit edit) {
    requireNonNull(positions, "positions");
    return with(at, new Change.At(positions, requireNonNull(edit, "edit")));
  }

  /// The same with an edit that asks nothing.
  public HookPlan editAt(HookPoint at, Positions positions, UnaryOperator<Tensor> edit) {
    requireNonNull(edit, "edit");
    return editAt(at, positions, (x, _) -> edit.apply(x));
  }

  /// This plan with one more edit of every token, which may differ from copy to copy.
  ///
  /// @throws IllegalArgumentException if the site can only be read
  public HookPlan editCopies(HookPoint at, Copies copies, Copies.CopyEdit edit) {
    return with(at, new Change.ByCopy(copies, requireNonNull(edit, "edit")));
  }

  HookPlan with(HookPoint at, Change change) {
    if (at.site() == Site.PATTERN_LAST) {
      throw new IllegalArgumentException(
          at + " can only be read; edit " + new HookPoint(at.layer(), Site.PATTERN));
    }
    return new HookPlan(merge(edits, Map.of(at, List.of(change))), probes);
  }

  /// This plan with one more probe of every token.
  public HookPlan probe(HookPoint at, Probe probe) {
    return probeAt(at, Positions.all(), probe);
  }

  /// This plan with one more probe, of the tokens at some positions.
  public HookPlan probeAt(HookPoint at, Positions positions, Probe probe) {
    var watch = new Watch(positions, requireNonNull(probe, "probe"));
    return new HookPlan(edits, merge(probes, Map.of(at, List.of(watch))));
  }

  /// This plan followed by another: its edits run after ours.
  public HookPlan then(HookPlan next) {
    return new HookPlan(merge(edits, next.edits), merge(probes, next.probes));
  }

  /// This plan, which is for any number of layers.
  @Override
  public HookPlan plan(int layers) {
    return this;
  }

  /// True when no activation is read.
  public boolean hasNoProbes() {
    return probes.isEmpty();
  }

  /// How many tokens at the end of each prompt must be run for that prompt alone: edits may treat
  /// them differently from prompt to prompt, or probes look at them. Tokens before them that
  /// several prompts have in common can be run once. `Integer.MAX_VALUE` means all.
  public int ownTokens() {
    return ownTokens;
  }

  /// Whether the whole of a prompt should be read in one pass: an edit treats all of its tokens in
  /// its own way, and may want to know the last before the first.
  public boolean wantsWholePrompts() {
    return editedApart == Integer.MAX_VALUE
        || points.stream().anyMatch(at -> at.site() == Site.PATTERN_LAST);
  }

  /// True when an edit or a probe asks where in its prompt a token lies.
  public boolean asksPositions() {
    return edits.values().stream().flatMap(List::stream).anyMatch(Change.At.class::isInstance)
        || probes.values().stream()
            .flatMap(List::stream)
            .anyMatch(watch -> !watch.positions.equals(Positions.all()));
  }

  /// True when nothing behind attention of this layer is read but at each sequence's last token.
  public boolean readsOnlyLastBehindAttention(int layer) {
    return probes.entrySet().stream()
        .filter(entry -> entry.getKey().layer() == layer || !entry.getKey().isInBlock())
        .allMatch(
            entry ->
                entry.getKey().site().isBeforeMlp()
                    || entry.getValue().stream().allMatch(w -> w.positions.ownTokens() <= 1));
  }

  /// The first layer at which anything is edited, or `Integer.MAX_VALUE` when nothing is.
  public int firstEditedLayer() {
    return edits.keySet().stream()
        .filter(HookPoint::isInBlock)
        .mapToInt(HookPoint::layer)
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  /// The last layer at which anything is read or edited, or −1 when nothing is.
  public int lastLayer() {
    return points.stream().filter(HookPoint::isInBlock).mapToInt(HookPoint::layer).max().orElse(-1);
  }

  /// True when something is read or replaced there.
  public boolean touches(HookPoint at) {
    return points.contains(at);
  }

  /// All places where something is read or replaced.
  public Set<HookPoint> points() {
    return points;
  }

  /// Runs the edits and then the probes of one place.
  ///
  /// @return the activation to use from here on
  /// @throws ShapeException if an edit changes the shape
  public Tensor apply(HookPoint at, Tensor activation, Rows rows) {
    if (!touches(at)) {
      return activation;
    }
    var current = edited(at, activation, rows);
    watches(at).forEach(watch -> watch.observe(current, rows, at.site()));
    return current;
  }

  /// The scaling that is all that is done and read at a place, if so.
  public Optional<Along> onlyScaling(HookPoint at) {
    return probes.containsKey(at) ? Optional.empty() : onlyScalingEdit(at);
  }

  /// All that is done at a place as arithmetic on plain arrays; empty where nothing is done, where
  /// something is read, and where an edit wants a tensor.
  public Optional<PlainEdit> plain(HookPoint at) {
    var changes = edits.getOrDefault(at, List.of());
    if (changes.isEmpty() || probes.containsKey(at)) {
      return Optional.empty();
    }
    var each = changes.stream().map(Change::plain).flatMap(Optional::stream).toList();
    return each.size() == changes.size()
        ? Optional.of((x, rows) -> each.forEach(edit -> edit.apply(x, rows)))
        : Optional.empty();
  }

  /// The scaling that is all that is done at a place, if so.
  Optional<Along> onlyScalingEdit(HookPoint at) {
    var changes = edits.getOrDefault(at, List.of());
    return changes.size() == 1 && changes.getFirst() instanceof Change.Scaling(var along)
        ? Optional.of(along)
        : Optional.empty();
  }

  /// Runs the edits of one place.
  Tensor edited(HookPoint at, Tensor activation, Rows rows) {
    var current = activation;
    for (var edit : edits.getOrDefault(at, List.of())) {
      current = requireShape(activation, edit.apply(current, rows, at.site()), at);
    }
    return current;
  }

  /// The edits of one place; equal lists do the same.
  List<?> editsAt(HookPoint at) {
    return edits.getOrDefault(at, List.of());
  }

  /// Whether another plan does the same to every activation, whatever it reads: their edits are the
  /// same objects.
  public boolean editsAs(HookPlan other) {
    return this == other || edits.equals(other.edits);
  }

  /// The probes of one place.
  List<Watch> watches(HookPoint at) {
    return probes.getOrDefault(at, List.of());
  }

  static Tensor requireShape(Tensor before, Tensor after, Object at) {
    if (!after.shape().equals(before.shape())) {
      throw new ShapeException(
          at + ": an edit turned " + before.shape() + " into " + after.shape());
    }
    return after;
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
