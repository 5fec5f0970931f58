package dev.demur.lab.policy;

import dev.demur.model.hook.Edit;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Turns a policy's rules into the edits of a pass.
///
/// @param layers of the model
/// @param watch sees what each rule does
/// @param frame where prompts end
record Wiring(Policy policy, int layers, Watch watch, Frame frame) {

  Wiring {
    if (frame instanceof Frame.Prompts) {
      policy.rules().stream()
          .filter(rule -> rule.span().asksForThought())
          .findFirst()
          .ifPresent(
              rule -> {
                throw new IllegalArgumentException(
                    "the rule \""
                        + rule
                        + "\" asks where a thought ends, which this pass does not know; it is known"
                        + " where thoughts and answers are written apart, and where they are"
                        + " served");
              });
    }
  }

  HookPlan plan() {
    var plan = HookPlan.none();
    for (int i = 0; i < policy.rules().size(); i++) {
      var rule = policy.rules().get(i);
      if (!Operations.leavesAll(rule.bare())) {
        plan = rule.bare() instanceof Operator.Map ? mapped(plan, i, rule) : plain(plan, i, rule);
      }
    }
    return plan;
  }

  private List<HookPoint> named(Rule rule) {
    var named = rule.named(policy.ingredient(rule.operator().name()), layers);
    return isAllThereIs(rule) ? Places.entering(named) : named;
  }

  /// Whether the policy only ablates, for every prompt and token, what blocks write. Another rule
  /// may put into the stream what an ablation has to take out again; behind a gate there is what
  /// earlier blocks wrote.
  private boolean isAllThereIs(Rule rule) {
    return policy.rules().size() == 1
        && rule.gate() instanceof Gate.Always
        && rule.span() == Span.EVERY
        && rule.places().sites().isEmpty()
        && rule.operator() instanceof Operator.Scale(_, double factor)
        && factor == 0;
  }

  /// A rule whose operator asks nothing but the row's numbers.
  private HookPlan plain(HookPlan plan, int index, Rule rule) {
    if (rule.gate() instanceof Gate.Always && rule.span() == Span.EVERY) {
      return everywhere(plan, index, rule);
    }
    var edit = watched(index, Operations.of(rule.operator(), policy));
    return placed(plan, rule, _ -> (x, _) -> edit.apply(x));
  }

  /// A rule for every token, by the quickest way there is.
  private HookPlan everywhere(HookPlan plan, int index, Rule rule) {
    if (watch.equals(Watch.NOBODY)
        && rule.operator() instanceof Operator.Scale(var name, double factor)
        && policy.ingredient(name) instanceof Ingredient.Line(var direction)) {
      return plan.scaleAlong(named(rule), direction.unit(), factor);
    }
    var edit = watched(index, Operations.of(rule.operator(), policy));
    var next = plan;
    for (var point : named(rule)) {
      next = next.edit(point, edit);
    }
    return next;
  }

  /// A rule whose operator maps a row, its own or the prompt's last.
  private HookPlan mapped(HookPlan plan, int index, Rule rule) {
    var map = (Operator.Map) rule.bare();
    if (map.from() == Operator.From.ROW) {
      return plain(plan, index, rule);
    }
    var next = plan;
    var memory = new LastRows();
    for (var point : named(rule)) {
      next =
          frame.editAt(
              next,
              point,
              _ -> Optional.of(Positions.last()),
              (x, rows) -> memory.remember(point, x, rows));
    }
    return placed(
        next,
        rule,
        point ->
            (x, rows) -> {
              var last = memory.of(point, rows);
              return watched(index, Operations.of(rule.operator(), policy, last)).apply(x);
            });
  }

  private interface EditAt {
    Edit of(HookPoint point);
  }

  /// Puts an edit where the rule acts, behind its gate.
  private HookPlan placed(HookPlan plan, Rule rule, EditAt edit) {
    var named = named(rule);
    var gate = Fitting.gatePlace(policy, rule);
    if (gate.isEmpty()) {
      var next = plan;
      for (var point : named) {
        next = frame.editAt(next, point, rule.span()::positions, edit.of(point));
      }
      return next;
    }
    Fitting.tooEarly(rule, gate.get(), named)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
    var decisions = Decisions.of(rule.gate(), policy);
    int token = decisions.position();
    var next =
        frame.editAt(
            plan, gate.get(), _ -> Optional.of(new Positions(token, token)), decisions::read);
    for (var point : named) {
      if (Fitting.isBehind(point, gate.get())) {
        next =
            frame.editAt(
                next,
                point,
                thought -> behind(rule.span().positions(thought), token),
                decisions.whereOpen(edit.of(point)));
      }
    }
    return next;
  }

  /// What of a span comes from a token on.
  private static Optional<Positions> behind(Optional<Positions> span, int token) {
    return span.map(at -> new Positions(Math.max(at.from(), token), at.to()));
  }

  private UnaryOperator<Tensor> watched(int index, UnaryOperator<Tensor> edit) {
    if (watch.equals(Watch.NOBODY)) {
      return edit;
    }
    return x -> {
      var after = edit.apply(x);
      watch.seen(index, x, after);
      return after;
    };
  }
}
