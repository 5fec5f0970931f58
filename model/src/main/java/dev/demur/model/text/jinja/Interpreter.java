package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;

/// Runs statements and writes what they print.
final class Interpreter {

  /// How a body ended.
  private enum Flow {
    NORMAL,
    BREAK,
    CONTINUE
  }

  private final Rendering rendering;
  private final Evaluator evaluator;
  private final Scope top;

  Interpreter(Rendering rendering, Scope top) {
    this.rendering = rendering;
    this.evaluator = new Evaluator(rendering);
    this.top = top;
  }

  Evaluator evaluator() {
    return evaluator;
  }

  /// What a body prints.
  String rendered(List<Stmt> body, Scope scope) {
    Output output = new Output(rendering);
    run(body, scope, output);
    return output.text();
  }

  private Flow run(List<Stmt> body, Scope scope, Output output) {
    for (Stmt statement : body) {
      Flow flow = run(statement, scope, output);
      if (flow != Flow.NORMAL) {
        return flow;
      }
    }
    return Flow.NORMAL;
  }

  private Flow run(Stmt statement, Scope scope, Output output) {
    rendering.enter();
    try {
      return switch (statement) {
        case Stmt.If branches -> runBranches(branches, scope, output);
        case Stmt.With with -> runWith(with, scope, output);
        case Stmt.SetBlock block -> runSetBlock(block, scope);
        case Stmt.FilterBlock block -> runFilterBlock(block, scope, output);
        case Stmt.Break _ -> Flow.BREAK;
        case Stmt.Continue _ -> Flow.CONTINUE;
        case Stmt.Data _,
            Stmt.Print _,
            Stmt.For _,
            Stmt.Set _,
            Stmt.Macro _,
            Stmt.CallBlock _,
            Stmt.Generation _,
            Stmt.Block _,
            Stmt.LoadTemplate _ -> {
          runStraight(statement, scope, output);
          yield Flow.NORMAL;
        }
      };
    } catch (TemplateException e) {
      throw e.at(statement.line());
    } finally {
      rendering.leave();
    }
  }

  private Flow runWith(Stmt.With with, Scope scope, Output output) {
    Scope inner = scope.inner();
    for (Stmt.Binding binding : with.bindings()) {
      assign(binding.target(), evaluator.value(binding.value(), scope), inner);
    }
    return run(with.body(), inner, output);
  }

  /// A loop that is left from within the block discards what the block has written.
  private Flow runSetBlock(Stmt.SetBlock block, Scope scope) {
    Scope inner = scope.inner();
    Output buffer = new Output(rendering);
    Flow flow = run(block.body(), inner, buffer);
    if (flow == Flow.NORMAL) {
      String text = buffer.text();
      assign(
          block.target(),
          block.filter().map(f -> evaluator.filtered(f, text, inner)).orElse(text),
          scope);
    }
    return flow;
  }

  private Flow runFilterBlock(Stmt.FilterBlock block, Scope scope, Output output) {
    Scope inner = scope.inner();
    Output buffer = new Output(rendering);
    Flow flow = run(block.body(), inner, buffer);
    if (flow == Flow.NORMAL) {
      output.write(
          Printer.str(rendering, evaluator.filtered(block.filter(), buffer.text(), inner)));
    }
    return flow;
  }

  private Flow runBranches(Stmt.If branches, Scope scope, Output output) {
    for (Stmt.Branch branch : branches.branches()) {
      if (holds(branch, scope)) {
        return run(branch.body(), scope, output);
      }
    }
    return Flow.NORMAL;
  }

  private boolean holds(Stmt.Branch branch, Scope scope) {
    try {
      return evaluator.truth(branch.condition(), scope);
    } catch (TemplateException e) {
      throw e.at(branch.line());
    }
  }

  /// Runs a statement after which the next one follows.
  private void runStraight(Stmt statement, Scope scope, Output output) {
    switch (statement) {
      case Stmt.Data(_, var text) -> output.write(text);
      case Stmt.Print(_, var value) ->
          output.write(Printer.str(rendering, evaluator.value(value, scope)));
      case Stmt.For loop -> runLoop(loop, scope, output);
      case Stmt.Set(_, var target, var value) ->
          assign(target, evaluator.value(value, scope), scope);
      case Stmt.Macro(_, var name, var signature, var body) ->
          scope.set(name, new Macro(name, signature, body, scope, this));
      case Stmt.CallBlock block -> output.write(Printer.str(rendering, called(block, scope)));
      case Stmt.Generation(_, var body) -> output.write(rendered(body, scope.inner()));
      case Stmt.Block(_, _, var scoped, var body) ->
          output.write(rendered(body, (scoped ? scope : top).inner()));
      case Stmt.LoadTemplate _ ->
          throw TemplateException.wrongType("no loader for this environment specified");
      case Stmt.If _,
          Stmt.With _,
          Stmt.SetBlock _,
          Stmt.FilterBlock _,
          Stmt.Break _,
          Stmt.Continue _ ->
          throw new IllegalStateException("handled before");
    }
  }

  private Object called(Stmt.CallBlock block, Scope scope) {
    Object function = evaluator.value(block.call().function(), scope);
    Arguments arguments = evaluator.arguments(block.call().arguments(), scope);
    Macro caller = new Macro("caller", block.signature(), block.body(), scope, this);
    return evaluator.call(function, arguments.with("caller", caller));
  }

  private void runLoop(Stmt.For loop, Scope scope, Output output) {
    Object values = evaluator.value(loop.values(), scope);
    if (loop.recursive()) {
      output.write(recursed(loop, values, 0, scope));
    } else {
      runLoop(loop, context(loop, values, 0, scope), scope, output);
    }
  }

  private String recursed(Stmt.For loop, Object values, int depth, Scope scope) {
    Output output = new Output(rendering);
    rendering.enter();
    runLoop(loop, context(loop, values, depth, scope), scope, output);
    rendering.leave();
    return output.text();
  }

  private LoopContext context(Stmt.For loop, Object values, int depth, Scope scope) {
    rendering.read(values);
    Iterator<Object> all = Values.iterator(values);
    boolean filtered = loop.condition().isPresent();
    return new LoopContext(
        filtered ? new Filtered(loop, all, scope) : all,
        filtered ? OptionalInt.empty() : Values.lengthIfAny(values),
        depth,
        loop.recursive()
            ? Optional.of((other, level) -> recursed(loop, other, level, scope))
            : Optional.empty());
  }

  private void runLoop(Stmt.For loop, LoopContext context, Scope scope, Output output) {
    // A body that is left early counts as not run: that is how jinja2 compiles `else`.
    boolean completed = false;
    while (context.hasNext()) {
      rendering.step();
      Scope inner = scope.inner();
      inner.set("loop", context);
      assign(loop.target(), context.next(), inner);
      Flow flow = run(loop.body(), inner, output);
      if (flow == Flow.BREAK) {
        break;
      }
      completed |= flow == Flow.NORMAL;
    }
    if (!completed) {
      run(loop.otherwise(), scope.inner(), output);
    }
  }

  private void assign(Stmt.Target target, Object value, Scope scope) {
    switch (target) {
      case Stmt.Target.Variable(var name) -> scope.set(name, value);
      case Stmt.Target.NamespaceAttribute(var name, var attribute) -> {
        if (!(scope.get(name) instanceof Namespace namespace)) {
          throw new TemplateException("cannot assign attribute on non-namespace object");
        }
        rendering.allocateItems(1);
        namespace.set(attribute, value);
      }
      case Stmt.Target.Several(var targets) -> {
        List<Object> values = unpacked(value, targets.size());
        for (int i = 0; i < targets.size(); i++) {
          assign(targets.get(i), values.get(i), scope);
        }
      }
    }
  }

  private static List<Object> unpacked(Object value, int count) {
    Iterator<Object> values = Values.iterator(value);
    List<Object> items = new ArrayList<>();
    while (values.hasNext() && items.size() <= count) {
      items.add(values.next());
    }
    if (items.size() < count) {
      throw TemplateException.wrongValue(
          "not enough values to unpack (expected " + count + ", got " + items.size() + ")");
    }
    if (items.size() > count) {
      throw TemplateException.wrongValue("too many values to unpack (expected " + count + ")");
    }
    return items;
  }

  /// The values of a loop that meet its condition, tested when they are asked for.
  private final class Filtered implements Iterator<Object> {

    private final Stmt.For loop;
    private final Iterator<Object> all;
    private final Scope scope;
    private Optional<Object> found = Optional.empty();

    Filtered(Stmt.For loop, Iterator<Object> all, Scope scope) {
      this.loop = loop;
      this.all = all;
      this.scope = scope;
    }

    @Override
    public boolean hasNext() {
      while (found.isEmpty() && all.hasNext()) {
        rendering.step();
        Object value = all.next();
        Scope inner = scope.inner();
        assign(loop.target(), value, inner);
        if (evaluator.truth(loop.condition().orElseThrow(), inner)) {
          found = Optional.of(value);
        }
      }
      return found.isPresent();
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object value = found.orElseThrow();
      found = Optional.empty();
      return value;
    }
  }
}
