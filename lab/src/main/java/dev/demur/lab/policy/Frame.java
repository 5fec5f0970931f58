package dev.demur.lab.policy;

import dev.demur.model.hook.Edit;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the prompts of a pass end.
sealed interface Frame {

  /// The positions of one edit when a thought of so many tokens follows the prompt; empty when it
  /// has none there.
  @FunctionalInterface
  interface Where {
    Optional<Positions> behind(int thought);
  }

  /// A plan with one more edit.
  HookPlan editAt(HookPlan plan, HookPoint point, Where where, Edit edit);

  /// Prompts end where the pass says; how long thoughts are is not known.
  record Prompts() implements Frame {
    @Override
    public HookPlan editAt(HookPlan plan, HookPoint point, Where where, Edit edit) {
      var positions = where.behind(0);
      return positions.isPresent() ? plan.editAt(point, positions.get(), edit) : plan;
    }
  }

  /// The last tokens of what the pass takes for prompts are thoughts: they count as written.
  ///
  /// @param lengths of the thoughts, by prompt
  record Thoughts(List<Integer> lengths) implements Frame {

    public Thoughts {
      lengths = List.copyOf(lengths);
    }

    @Override
    public HookPlan editAt(HookPlan plan, HookPoint point, Where where, Edit edit) {
      var own = lengths.stream().distinct().flatMap(n -> own(where, n).stream()).toList();
      if (own.isEmpty()) {
        return plan;
      }
      int from = own.stream().mapToInt(Positions::from).min().orElseThrow();
      int to = own.stream().mapToInt(Positions::to).max().orElseThrow();
      return plan.editAt(point, new Positions(from, to), (x, rows) -> edited(x, rows, where, edit));
    }

    /// As the pass counts.
    private static Optional<Positions> own(Where where, int length) {
      return where
          .behind(length)
          .map(at -> new Positions(shifted(at.from(), -length), shifted(at.to(), -length)));
    }

    private static int shifted(int position, int by) {
      boolean unbounded = position == Integer.MIN_VALUE || position == Integer.MAX_VALUE;
      return unbounded ? position : position + by;
    }

    private Tensor edited(Tensor x, Rows rows, Where where, Edit edit) {
      var kept = new ArrayList<Integer>();
      var sequences = new ArrayList<Integer>();
      var counts = new ArrayList<Integer>();
      var firsts = new ArrayList<Integer>();
      for (int i = 0; i < rows.size(); i++) {
        int length = lengths.get(rows.sequences().get(i));
        var own = own(where, length);
        var part = rows.only(i);
        var at = own.map(part::at).filter(found -> found.size() > 0);
        if (at.isPresent()) {
          int offset = rows.offsets().get(i);
          part.indices(own.orElseThrow()).map(row -> row + offset).forEach(kept::add);
          sequences.add(rows.sequences().get(i));
          counts.add(at.get().tokens());
          firsts.add(at.get().firsts().getFirst() + length);
        }
      }
      return kept.isEmpty()
          ? x
          : Frame.edited(x, rows, kept, Rows.from(sequences, counts, firsts), edit);
    }
  }

  /// The end of one answer's thought is learnt while it is written.
  ///
  /// @param thought of the one sequence that the plan is for
  record Live(LiveThought thought) implements Frame {

    @Override
    public HookPlan editAt(HookPlan plan, HookPoint point, Where where, Edit edit) {
      var either =
          Stream.of(0, LiveThought.OPEN).flatMap(length -> where.behind(length).stream()).toList();
      if (either.isEmpty()) {
        return plan;
      }
      if (where.behind(0).equals(where.behind(LiveThought.OPEN))) {
        return plan.editAt(point, either.getFirst(), edit);
      }
      int from = either.stream().mapToInt(Positions::from).min().orElseThrow();
      int to = either.stream().mapToInt(Positions::to).max().orElseThrow();
      return plan.editAt(point, new Positions(from, to), (x, rows) -> edited(x, rows, where, edit));
    }

    private Tensor edited(Tensor x, Rows rows, Where where, Edit edit) {
      var own = where.behind(thought.length());
      var seen = own.map(rows::at).filter(at -> at.tokens() > 0);
      return seen.isEmpty()
          ? x
          : Frame.edited(
              x, rows, rows.indices(own.orElseThrow()).boxed().toList(), seen.get(), edit);
    }
  }

  /// Edits some rows.
  ///
  /// @param rows what the rows are
  /// @param kept where those lie that are edited, one at least
  /// @param seen what these are
  private static Tensor edited(Tensor x, Rows rows, List<Integer> kept, Rows seen, Edit edit) {
    if (kept.size() == rows.tokens()) {
      return edit.apply(x, seen);
    }
    var indices = Tensor.ofIndices(kept.stream().mapToInt(Integer::intValue));
    var before = x.select(0, indices);
    var after = edit.apply(before, seen);
    return after == before ? x : x.withSelected(0, indices, after);
  }
}
