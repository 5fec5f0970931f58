package dev.demur.model.hook;

import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Several plans in one pass, each for a sequence of its own. A plan sees the rows of its sequence
/// and no others, by the name it knows the sequence by, as if it ran without the rest.
///
/// Sequences with the same edits at a place are edited together there, whatever is read of them. An
/// edit or a probe that throws fails its sequences ([#failure]); the others do not notice.
///
/// A pass under [#plan] numbers its sequences from 0 in the order they have here.
public final class SeparatePlans {

  private final List<HookPlan> plans;
  private final List<Integer> names;
  private final Map<Integer, RuntimeException> failures = new HashMap<>();
  private final Map<Set<Integer>, Members> members = new HashMap<>();
  private final HookPlan plan;

  /// @param plans plan of each sequence of the pass
  /// @param names what each sequence's plan calls it ([Rows#prompt])
  public SeparatePlans(List<HookPlan> plans, List<Integer> names) {
    this.plans = List.copyOf(plans);
    this.names = List.copyOf(names);
    this.plan = together();
  }

  /// What the pass is to run under.
  public HookPlan plan() {
    return plan;
  }

  /// Why the plan of a sequence could not be followed, if so.
  public Optional<RuntimeException> failure(int sequence) {
    return Optional.ofNullable(failures.get(sequence));
  }

  private HookPlan together() {
    Set<HookPoint> points = new LinkedHashSet<>();
    plans.forEach(each -> points.addAll(each.points()));
    var all = HookPlan.none();
    for (var point : points) {
      var editing = editing(point);
      if (!editing.isEmpty()) {
        all = all.with(point, change(point, editing));
      }
      for (int i = 0; i < plans.size(); i++) {
        var owner = members(Set.of(i));
        for (var watch : plans.get(i).watches(point)) {
          all =
              all.probeAt(
                  point,
                  watch.positions(),
                  (x, rows) -> show(owner, watch.probe(), point, x, rows));
        }
      }
    }
    return all;
  }

  /// Edits of one place and the sequences they are for.
  ///
  /// @param plan any plan that has them
  private record Editing(HookPlan plan, Members members) {}

  private List<Editing> editing(HookPoint point) {
    Map<List<?>, Set<Integer>> byEdits = new LinkedHashMap<>();
    for (int i = 0; i < plans.size(); i++) {
      var edits = plans.get(i).editsAt(point);
      if (!edits.isEmpty()) {
        byEdits.computeIfAbsent(edits, _ -> new LinkedHashSet<>()).add(i);
      }
    }
    return byEdits.values().stream()
        .map(same -> new Editing(plans.get(same.iterator().next()), members(same)))
        .toList();
  }

  private Change change(HookPoint point, List<Editing> editing) {
    var scalings =
        editing.stream().flatMap(one -> one.plan.onlyScalingEdit(point).stream()).toList();
    return scalings.size() == editing.size()
        ? new Change.Scalings(scalings, rows -> which(editing, rows))
        : new Change.At(Positions.all(), (x, rows) -> edited(editing, point, x, rows));
  }

  /// For each row the edits that are for it, −1 for none.
  private static int[] which(List<Editing> editing, Rows rows) {
    int[] which = new int[rows.tokens()];
    Arrays.fill(which, -1);
    for (int i = 0; i < editing.size(); i++) {
      for (int row : editing.get(i).members.of(rows).indices) {
        which[row] = i;
      }
    }
    return which;
  }

  private Members members(Set<Integer> sequences) {
    return members.computeIfAbsent(sequences, Members::new);
  }

  private Tensor edited(List<Editing> editing, HookPoint point, Tensor before, Rows rows) {
    var copy = before;
    for (var one : editing) {
      var part = one.members.of(rows);
      if (part.isAll()) {
        return edited(one, point, before, part.rows);
      }
      if (part.rows.tokens() > 0) {
        var own = part.of(before);
        var after = edited(one, point, own, part.rows);
        if (after != own) {
          copy = copy == before ? before.copy() : copy;
          part.put(copy, after);
        }
      }
    }
    return copy;
  }

  private Tensor edited(Editing one, HookPoint point, Tensor own, Rows rows) {
    if (failures.keySet().containsAll(one.members.sequences)) {
      return own;
    }
    try {
      return one.plan.edited(point, own, rows);
    } catch (RuntimeException e) {
      one.members.sequences.forEach(sequence -> failures.putIfAbsent(sequence, e));
      return own;
    }
  }

  private void show(Members owner, Probe probe, HookPoint point, Tensor seen, Rows rows) {
    var part = owner.of(rows);
    if (part.rows.tokens() == 0 || failures.keySet().containsAll(owner.sequences)) {
      return;
    }
    try {
      boolean whole = part.isAll() || point.site().isOfPairs();
      probe.observe(whole ? seen : part.of(seen), part.rows);
    } catch (RuntimeException e) {
      owner.sequences.forEach(sequence -> failures.putIfAbsent(sequence, e));
    }
  }

  /// Sequences that something is done to together.
  private final class Members {
    private final Set<Integer> sequences;
    private Optional<Part> last = Optional.empty();

    Members(Set<Integer> sequences) {
      this.sequences = sequences;
    }

    /// Our rows of a pass's rows. Most places of a pass show the same rows.
    Part of(Rows rows) {
      if (last.isEmpty() || !last.get().of.equals(rows)) {
        last = Optional.of(partOf(rows));
      }
      return last.get();
    }

    private Part partOf(Rows rows) {
      var own =
          IntStream.range(0, rows.size())
              .filter(i -> sequences.contains(rows.sequences().get(i)))
              .boxed()
              .toList();
      var indices = new ArrayList<Integer>();
      own.forEach(i -> IntStream.range(rows.offsets().get(i), rows.end(i)).forEach(indices::add));
      return new Part(
          rows,
          Rows.from(
              own.stream().map(i -> names.get(rows.sequences().get(i))).toList(),
              own.stream().map(rows.lengths()::get).toList(),
              own.stream().map(rows.firsts()::get).toList()),
          indices);
    }
  }

  /// Some sequences' rows of a pass's rows.
  ///
  /// @param of the pass's rows
  /// @param rows theirs, by the names their plans know
  /// @param indices where they lie
  private record Part(Rows of, Rows rows, List<Integer> indices) {

    boolean isAll() {
      return rows.tokens() == of.tokens();
    }

    /// Whether they lie side by side.
    private boolean isRun() {
      return indices.getLast() - indices.getFirst() == indices.size() - 1;
    }

    private Tensor index() {
      return Tensor.ofIndices(indices.stream().mapToInt(Integer::intValue));
    }

    Tensor of(Tensor all) {
      return isRun() ? all.narrow(0, indices.getFirst(), indices.size()) : all.select(0, index());
    }

    void put(Tensor all, Tensor own) {
      if (isRun()) {
        all.narrow(0, indices.getFirst(), indices.size()).copyInPlace(own);
      } else {
        all.copyRowsInPlace(index(), own);
      }
    }
  }
}
