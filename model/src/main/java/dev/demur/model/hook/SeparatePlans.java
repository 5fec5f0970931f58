package dev.demur.model.hook;

import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Several plans in one pass, each for sequences of its own. A plan sees the rows of its sequences
/// and no others, as if they ran without the rest.
///
/// Sequences under the same plan object are edited together. A plan that throws is left alone for
/// the rest of the pass and [#failure] tells why; the other sequences do not notice.
///
/// A pass under [#plan] numbers its sequences from 0 in the order they have here.
public final class SeparatePlans {

  private final List<Group> groups;
  private final List<Group> owners = new ArrayList<>();
  private final HookPlan plan;

  /// @param plans plan of each sequence of the pass
  /// @param names what each sequence's plan calls it ([Rows#prompt])
  public SeparatePlans(List<HookPlan> plans, List<Integer> names) {
    Map<HookPlan, Group> byPlan = new IdentityHashMap<>();
    var inOrder = new LinkedHashSet<Group>();
    for (int i = 0; i < plans.size(); i++) {
      var group = byPlan.computeIfAbsent(plans.get(i), each -> new Group(each, names));
      group.members.add(i);
      owners.add(group);
      inOrder.add(group);
    }
    this.groups = List.copyOf(inOrder);
    this.plan = together();
  }

  /// What the pass is to run under.
  public HookPlan plan() {
    return plan;
  }

  /// Why the plan of a sequence could not be followed, if so.
  public Optional<RuntimeException> failure(int sequence) {
    return owners.get(sequence).failure;
  }

  private HookPlan together() {
    Set<HookPoint> points = new LinkedHashSet<>();
    groups.forEach(group -> points.addAll(group.plan.points()));
    var all = HookPlan.none();
    for (var point : points) {
      var editing = groups.stream().filter(group -> group.plan.edits(point)).toList();
      if (!editing.isEmpty()) {
        all = all.editAt(point, Positions.all(), (x, rows) -> edited(editing, point, x, rows));
      }
      for (var group : groups) {
        for (var watch : group.plan.watches(point)) {
          all =
              all.probeAt(
                  point, watch.positions(), (x, rows) -> group.show(watch.probe(), point, x, rows));
        }
      }
    }
    return all;
  }

  private static Tensor edited(List<Group> editing, HookPoint point, Tensor before, Rows rows) {
    var current = before;
    for (var group : editing) {
      current = group.edit(point, current, rows);
    }
    return current;
  }

  /// Sequences under one plan. Changed by a failure.
  private static final class Group {
    private final HookPlan plan;
    private final List<Integer> names;
    private final Set<Integer> members = new LinkedHashSet<>();
    private Optional<RuntimeException> failure = Optional.empty();
    private Optional<Part> last = Optional.empty();

    /// @param names of all sequences
    Group(HookPlan plan, List<Integer> names) {
      this.plan = plan;
      this.names = names;
    }

    /// Our rows of a pass's rows.
    ///
    /// @param of the pass's rows
    /// @param rows ours, by the names the plan knows
    /// @param indices where they lie
    private record Part(Rows of, Rows rows, List<Integer> indices) {

      boolean isAll() {
        return rows.tokens() == of.tokens();
      }

      Tensor index() {
        return Tensor.ofIndices(indices.stream().mapToInt(Integer::intValue));
      }
    }

    Tensor edit(HookPoint point, Tensor before, Rows rows) {
      var part = part(rows);
      if (part.rows.tokens() == 0 || failure.isPresent()) {
        return before;
      }
      try {
        if (part.isAll()) {
          return plan.edited(point, before, part.rows);
        }
        var index = part.index();
        var own = before.select(0, index);
        var after = plan.edited(point, own, part.rows);
        return after == own ? before : before.withSelected(0, index, after);
      } catch (RuntimeException e) {
        failure = Optional.of(e);
        return before;
      }
    }

    void show(Probe probe, HookPoint point, Tensor seen, Rows rows) {
      var part = part(rows);
      if (part.rows.tokens() == 0 || failure.isPresent()) {
        return;
      }
      try {
        boolean whole = part.isAll() || point.site().isOfPairs();
        probe.observe(whole ? seen : seen.select(0, part.index()), part.rows);
      } catch (RuntimeException e) {
        failure = Optional.of(e);
      }
    }

    /// Most places of a pass show the same rows.
    private Part part(Rows rows) {
      if (last.isEmpty() || !last.get().of.equals(rows)) {
        last = Optional.of(partOf(rows));
      }
      return last.get();
    }

    private Part partOf(Rows rows) {
      var own =
          IntStream.range(0, rows.size())
              .filter(i -> members.contains(rows.sequences().get(i)))
              .boxed()
              .toList();
      return new Part(
          rows,
          Rows.from(
              own.stream().map(i -> names.get(rows.sequences().get(i))).toList(),
              own.stream().map(rows.lengths()::get).toList(),
              own.stream().map(rows.firsts()::get).toList()),
          own.stream()
              .flatMap(i -> IntStream.range(rows.offsets().get(i), rows.end(i)).boxed())
              .toList());
    }
  }
}
