package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads statements: the tags and the text between them.
///
/// Source: `parser.py` and the loop-controls extension of jinja2 3.1.6, and the `generation` tag of
/// transformers' `chat_template_utils.py`.
final class StatementParser {

  private final TokenStream stream;
  private final ExpressionParser expressions;

  /// Names of the blocks so far.
  private final Set<String> blocks = new HashSet<>();

  /// Loops around the statement: within one `loop` cannot be assigned to.
  private int loopsAround;

  /// Loops around the statement within the same macro: outside of one there is nothing to break.
  private int loops;

  private StatementParser(TokenStream stream) {
    this.stream = stream;
    this.expressions = new ExpressionParser(stream);
  }

  /// The statements of a whole template.
  ///
  /// @throws TemplateException if it is not well formed
  static List<Stmt> parse(String source) {
    TokenStream stream = new TokenStream(Lexer.tokens(source));
    List<Stmt> statements = new StatementParser(stream).statements(Set.of());
    stream.failIfUnknown();
    return statements;
  }

  /// Statements up to a tag whose name is in `ends`, which is left to be read.
  private List<Stmt> statements(Set<String> ends) {
    List<Stmt> statements = new ArrayList<>();
    while (true) {
      Token token = stream.peek();
      switch (token.kind()) {
        case DATA -> statements.add(new Stmt.Data(token.line(), stream.next().text()));
        case VARIABLE_BEGIN -> {
          stream.next();
          statements.add(new Stmt.Print(token.line(), expressions.tuple()));
          stream.expect(Token.Kind.VARIABLE_END);
        }
        case BLOCK_BEGIN -> {
          stream.next();
          if (stream.atAnyName(ends)) {
            return statements;
          }
          statements.addAll(statement());
          stream.expect(Token.Kind.BLOCK_END);
        }
        case END -> {
          if (ends.isEmpty()) {
            return statements;
          }
          throw stream.fail(
              "Unexpected end of template. Jinja was looking for the following tags: "
                  + String.join(" or ", ends.stream().sorted().toList())
                  + ".");
        }
        case BLOCK_END, VARIABLE_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
            throw stream.fail("unexpected '" + token.describe() + "'");
      }
    }
  }

  private List<Stmt> statement() {
    Token tag = stream.peek();
    if (tag.kind() != Token.Kind.NAME) {
      throw stream.fail("tag name expected");
    }
    stream.enter();
    stream.next();
    List<Stmt> result =
        switch (tag.text()) {
          case "print" -> prints(tag.line());
          default -> List.of(single(tag));
        };
    stream.leave();
    return result;
  }

  private Stmt single(Token tag) {
    int line = tag.line();
    return switch (tag.text()) {
      case "if" -> ifStatement(line);
      case "for" -> scope(() -> forLoop(line));
      case "set" -> set(line);
      case "macro" -> scope(() -> macro(line));
      case "call" -> scope(() -> callBlock(line));
      case "filter" -> scope(() -> filterBlock(line));
      case "with" -> scope(() -> with(line));
      case "generation" ->
          scope(() -> new Stmt.Generation(line, function(() -> body("endgeneration"))));
      case "block" -> scope(() -> block(line));
      case "break" -> inLoop(new Stmt.Break(line));
      case "continue" -> inLoop(new Stmt.Continue(line));
      case "autoescape" -> scope(() -> autoescape(line));
      case "include", "import", "from", "extends" -> loadTemplate(line);
      default -> throw new TemplateException(line, "Encountered unknown tag '" + tag.text() + "'.");
    };
  }

  private List<Stmt> prints(int line) {
    List<Stmt> prints = new ArrayList<>();
    while (!stream.at(Token.Kind.BLOCK_END)) {
      if (!prints.isEmpty()) {
        stream.expectOperator(",");
      }
      prints.add(new Stmt.Print(line, expressions.expression()));
    }
    return prints;
  }

  /// The body of a tag: everything from the end of the tag to the tag that closes it.
  private List<Stmt> body(String end) {
    List<Stmt> body = open(Set.of(end));
    stream.next();
    return body;
  }

  private List<Stmt> open(Set<String> ends) {
    stream.skipOperator(":");
    stream.expect(Token.Kind.BLOCK_END);
    return statements(ends);
  }

  private Stmt ifStatement(int firstLine) {
    List<Stmt.Branch> branches = new ArrayList<>();
    int mark = stream.unknowns();
    int line = firstLine;
    while (true) {
      Expr condition = expressions.tupleWithoutConditional();
      branches.add(new Stmt.Branch(line, condition, open(Set.of("elif", "else", "endif"))));
      Token next = stream.next();
      line = next.line();
      if (next.text().equals("else")) {
        branches.add(new Stmt.Branch(line, new Expr.Const(true), body("endif")));
      }
      if (!next.text().equals("elif")) {
        stream.forgiveSince(mark);
        return new Stmt.If(firstLine, branches);
      }
    }
  }

  private Stmt forLoop(int line) {
    loopsAround++;
    Stmt.Target target = target(false);
    stream.expectName("in");
    Expr values = expressions.tupleWithoutConditional();
    Optional<Expr> condition =
        stream.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    boolean recursive = stream.skipName("recursive");
    loops++;
    List<Stmt> body = open(Set.of("endfor", "else"));
    loops--;
    List<Stmt> otherwise = stream.next().text().equals("else") ? body("endfor") : List.of();
    loopsAround--;
    return new Stmt.For(line, target, values, condition, recursive, body, otherwise);
  }

  private Stmt set(int line) {
    Stmt.Target target = target(true);
    if (stream.skipOperator("=")) {
      return new Stmt.Set(line, target, expressions.tuple());
    }
    return scope(
        () -> {
          Optional<Expr.Filter> filter = expressions.filters(Optional.empty());
          return new Stmt.SetBlock(line, target, filter, body("endset"));
        });
  }

  private Stmt macro(int line) {
    String name = assignableName();
    return function(
        () -> {
          List<Stmt.Parameter> parameters = parameters();
          int mark = stream.loads();
          List<Stmt> body = body("endmacro");
          return new Stmt.Macro(line, name, signature(line, parameters, mark), body);
        });
  }

  private Stmt callBlock(int line) {
    List<Stmt.Parameter> parameters = stream.atOperator("(") ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw new TemplateException(line, "expected call");
    }
    return function(
        () -> {
          int mark = stream.loads();
          List<Stmt> body = body("endcall");
          return new Stmt.CallBlock(line, signature(line, parameters, mark), call, body);
        });
  }

  private Stmt.Signature signature(int line, List<Stmt.Parameter> parameters, int mark) {
    boolean caller = stream.loadedSince(mark, "caller");
    for (Stmt.Parameter parameter : parameters) {
      if (caller && parameter.name().equals("caller") && parameter.byDefault().isEmpty()) {
        throw new TemplateException(
            line,
            "When defining macros or call blocks the special \"caller\" argument must be omitted or"
                + " be given a default.");
      }
    }
    return new Stmt.Signature(
        parameters,
        caller,
        stream.loadedSince(mark, "kwargs"),
        stream.loadedSince(mark, "varargs"));
  }

  private List<Stmt.Parameter> parameters() {
    List<Stmt.Parameter> parameters = new ArrayList<>();
    stream.expectOperator("(");
    while (!stream.atOperator(")")) {
      if (!parameters.isEmpty()) {
        stream.expectOperator(",");
      }
      String name = assignableName();
      Optional<Expr> byDefault =
          stream.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
      if (parameters.stream().anyMatch(p -> p.name().equals(name))) {
        throw stream.fail("duplicate argument '" + name + "' in macro definition");
      }
      if (byDefault.isEmpty()
          && !parameters.isEmpty()
          && parameters.getLast().byDefault().isPresent()) {
        throw stream.fail("non-default argument follows default argument");
      }
      parameters.add(new Stmt.Parameter(name, byDefault));
    }
    stream.expectOperator(")");
    return parameters;
  }

  private Stmt filterBlock(int line) {
    Optional<Expr.Filter> filter =
        expressions.filters(Optional.of(expressions.filter(Optional.empty())));
    return new Stmt.FilterBlock(line, filter.orElseThrow(), body("endfilter"));
  }

  private Stmt with(int line) {
    List<Stmt.Binding> bindings = new ArrayList<>();
    while (!stream.at(Token.Kind.BLOCK_END)) {
      if (!bindings.isEmpty()) {
        stream.expectOperator(",");
      }
      Stmt.Target target = target(false);
      stream.expectOperator("=");
      bindings.add(new Stmt.Binding(target, expressions.expression()));
    }
    return new Stmt.With(line, bindings, body("endwith"));
  }

  private Stmt block(int line) {
    String name = stream.expect(Token.Kind.NAME).text();
    if (!blocks.add(name)) {
      throw new TemplateException(line, "block '" + name + "' defined twice");
    }
    boolean scoped = stream.skipName("scoped");
    stream.skipName("required");
    List<Stmt> body = function(() -> body("endblock"));
    stream.skipName(name);
    return new Stmt.Block(line, name, scoped, body);
  }

  /// Output is text for a model, so nothing is ever escaped; asking for it is an error.
  private Stmt autoescape(int line) {
    if (!(expressions.expression() instanceof Expr.Const(Boolean on)) || on) {
      throw new TemplateException(line, "autoescape is not supported, a chat template is not HTML");
    }
    return new Stmt.With(line, List.of(), body("endautoescape"));
  }

  private Stmt loadTemplate(int line) {
    while (!stream.at(Token.Kind.BLOCK_END) && !stream.at(Token.Kind.END)) {
      stream.next();
    }
    return new Stmt.LoadTemplate(line);
  }

  private Stmt inLoop(Stmt statement) {
    if (loops == 0) {
      throw new TemplateException(statement.line(), "break or continue outside of a loop");
    }
    return statement;
  }

  /// Reads a part that Python compiles to a function of its own: loops around it do not count.
  private <T> T function(java.util.function.Supplier<T> part) {
    int outer = loops;
    loops = 0;
    T result = part.get();
    loops = outer;
    return result;
  }

  private <T> T scope(java.util.function.Supplier<T> part) {
    List<TemplateException> outer = stream.beginScope();
    T result = part.get();
    stream.endScope(outer);
    return result;
  }

  private Stmt.Target target(boolean namespaces) {
    List<Stmt.Target> targets = new ArrayList<>();
    boolean several = false;
    while (targets.isEmpty() || !atTargetEnd()) {
      targets.add(oneTarget(namespaces));
      if (!stream.skipOperator(",")) {
        break;
      }
      several = true;
    }
    return several ? new Stmt.Target.Several(targets) : targets.getFirst();
  }

  private boolean atTargetEnd() {
    return stream.at(Token.Kind.BLOCK_END) || stream.atOperator("=") || stream.atOperator(")");
  }

  private Stmt.Target oneTarget(boolean namespaces) {
    if (stream.skipOperator("(")) {
      stream.enter();
      Stmt.Target inner = target(namespaces);
      stream.expectOperator(")");
      stream.leave();
      return inner;
    }
    Token first = stream.peek();
    if (namespaces && first.kind() == Token.Kind.NAME && stream.peekSecond().isOperator(".")) {
      stream.next();
      stream.next();
      stream.loaded(first.text());
      return new Stmt.Target.NamespaceAttribute(
          first.text(), stream.expect(Token.Kind.NAME).text());
    }
    String name = assignableName();
    if (name.equals("loop") && loopsAround > 0) {
      throw new TemplateException(
          first.line(), "Can't assign to special loop variable in for-loop target");
    }
    return new Stmt.Target.Variable(name);
  }

  private String assignableName() {
    Token token = stream.peek();
    if (token.kind() != Token.Kind.NAME) {
      throw stream.fail("can't assign to '" + token.describe() + "'");
    }
    if (Set.of("true", "false", "none", "True", "False", "None").contains(token.text())) {
      throw stream.fail("can't assign to 'const'");
    }
    return stream.next().text();
  }
}
