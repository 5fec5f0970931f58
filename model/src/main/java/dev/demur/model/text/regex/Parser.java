package dev.demur.model.text.regex;

import java.util.ArrayList;
import java.util.List;

/// Parses a pattern, and refuses all constructs that are not known here.
final class Parser {

  private static final int MAX_LENGTH = 20_000;

  /// Deepest nesting of groups; published patterns have two levels.
  private static final int MAX_DEPTH = 50;

  private static final int MAX_COUNT = 1000;

  private final int[] pattern;
  private int position;
  private int depth;
  private boolean ignoresCase;
  private boolean dotIsAny;

  private Parser(String pattern) {
    this.pattern = pattern.codePoints().toArray();
  }

  /// @throws RegexException if the pattern is not well formed or holds something else
  static Node parse(String pattern) {
    if (pattern.length() > MAX_LENGTH) {
      throw new RegexException(
          "has " + pattern.length() + " characters, the most is " + MAX_LENGTH);
    }
    Parser parser = new Parser(pattern);
    Node node = parser.choice();
    if (parser.more()) {
      throw parser.problem("unmatched )");
    }
    return node;
  }

  private Node choice() {
    if (++depth > MAX_DEPTH) {
      throw problem("more than " + MAX_DEPTH + " groups in each other");
    }
    boolean ignoredCase = ignoresCase;
    boolean dotWasAny = dotIsAny;
    List<Node> choices = new ArrayList<>(List.of(sequence()));
    while (skip('|')) {
      choices.add(sequence());
    }
    ignoresCase = ignoredCase;
    dotIsAny = dotWasAny;
    depth--;
    return choices.size() == 1 ? choices.getFirst() : new Node.Either(choices);
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    while (more() && peek() != '|' && peek() != ')') {
      Node part = atom();
      while (more() && isQuantifier()) {
        part = quantified(part);
      }
      parts.add(part);
    }
    return parts.size() == 1 ? parts.getFirst() : new Node.All(parts);
  }

  private boolean isQuantifier() {
    return peek() == '*' || peek() == '+' || peek() == '?' || (peek() == '{' && isCount());
  }

  private boolean isCount() {
    int at = position + 1;
    boolean digits = false;
    boolean comma = false;
    while (at < pattern.length && (Character.digit(pattern[at], 10) >= 0 || pattern[at] == ',')) {
      if (pattern[at] == ',' && comma) {
        return false;
      }
      comma |= pattern[at] == ',';
      digits |= pattern[at] != ',';
      at++;
    }
    return digits && at < pattern.length && pattern[at] == '}';
  }

  private Node quantified(Node part) {
    int sign = next();
    if (sign == '{') {
      return counted(part);
    }
    int least = sign == '+' ? 1 : 0;
    int most = sign == '?' ? 1 : -1;
    if (skip('+')) {
      return possessive(part, least, most);
    }
    return new Node.Repeat(part, least, most, skip('?'));
  }

  /// As many as there are and never fewer: what follows is none of them.
  private Node possessive(Node part, int least, int most) {
    if (!(part instanceof Node.One)) {
      throw problem("a possessive quantifier after something that is not a single character");
    }
    Node noMore = new Node.Ahead(part, true);
    return most == 1
        ? new Node.Either(List.of(part, noMore))
        : new Node.All(List.of(new Node.Repeat(part, least, most, false), noMore));
  }

  private Node counted(Node part) {
    int least = peek() == ',' ? 0 : count();
    int most = skip(',') ? (peek() == '}' ? -1 : count()) : least;
    skip('}');
    if (most >= 0 && most < least) {
      throw problem("a count that goes down");
    }
    // Ruby reads x{2}? as (x{2})?, and x{2}+ as (x{2})+.
    boolean lazy = least != most && skip('?');
    return new Node.Repeat(part, least, most, lazy);
  }

  private int count() {
    int count = 0;
    while (more() && Character.digit(peek(), 10) >= 0) {
      count = 10 * count + Character.digit(next(), 10);
      if (count > MAX_COUNT) {
        throw problem("a count above " + MAX_COUNT);
      }
    }
    return count;
  }

  private Node atom() {
    int c = next();
    return switch (c) {
      case '(' -> group();
      case '[' -> new Node.One(set());
      case '.' -> new Node.One(dotIsAny ? CodePoints.NONE.complement() : notNewLine());
      case '^' -> new Node.At(Node.Place.LINE_START);
      case '$' -> new Node.At(Node.Place.LINE_END);
      case '\\' -> escape();
      case '*', '+', '?' -> throw problem("a quantifier after nothing");
      default -> new Node.One(cased(CodePoints.of(c)));
    };
  }

  private static CodePoints notNewLine() {
    return CodePoints.of('\n').complement();
  }

  private CodePoints cased(CodePoints set) {
    return ignoresCase ? Properties.inBothCases(set) : set;
  }

  private Node group() {
    if (!skip('?')) {
      return closed(choice());
    }
    int kind = more() ? next() : ' ';
    return switch (kind) {
      case ':' -> closed(choice());
      case '=' -> closed(new Node.Ahead(choice(), false));
      case '!' -> closed(new Node.Ahead(choice(), true));
      case '#' -> comment();
      case '<' -> behindOrNamed();
      case 'i', 'm', '-' -> options(kind);
      default -> throw problem("a group (?" + Character.toString(kind));
    };
  }

  private Node closed(Node node) {
    if (!skip(')')) {
      throw problem("a group without its )");
    }
    return node;
  }

  private Node comment() {
    while (more() && peek() != ')') {
      position++;
    }
    return closed(Node.EMPTY);
  }

  private Node behindOrNamed() {
    boolean negative = skip('!');
    if (negative || skip('=')) {
      if (!(closed(choice()) instanceof Node.One(var set))) {
        throw problem("a look behind that is not at a single character");
      }
      return new Node.Behind(set, negative);
    }
    while (more() && (Character.isLetterOrDigit(peek()) || peek() == '_')) {
      position++;
    }
    if (!skip('>')) {
      throw problem("a group name without its >");
    }
    return closed(choice());
  }

  /// `(?i)` holds to the end of the group around it, `(?i:…)` in its own.
  private Node options(int first) {
    boolean ignoredCase = ignoresCase;
    boolean dotWasAny = dotIsAny;
    boolean on = true;
    for (int c = first; c != ':' && c != ')'; c = more() ? next() : ' ') {
      switch (c) {
        case '-' -> on = false;
        case 'i' -> ignoresCase = on;
        case 'm' -> dotIsAny = on;
        default -> throw problem("an option " + Character.toString(c));
      }
    }
    if (pattern[position - 1] == ')') {
      // What follows is a sequence of its own, up to the end of the group.
      Node rest = choice();
      return rest;
    }
    Node node = closed(choice());
    ignoresCase = ignoredCase;
    dotIsAny = dotWasAny;
    return node;
  }

  private Node escape() {
    int c = more() ? peek() : ' ';
    Node place =
        switch (c) {
          case 'A' -> new Node.At(Node.Place.TEXT_START);
          case 'z' -> new Node.At(Node.Place.TEXT_END);
          case 'Z' -> new Node.At(Node.Place.LAST_LINE_END);
          case 'b' -> new Node.At(Node.Place.WORD_EDGE);
          case 'B' -> new Node.At(Node.Place.NO_WORD_EDGE);
          default -> Node.EMPTY;
        };
    if (place instanceof Node.At) {
      position++;
      return place;
    }
    if (c == 'w' || c == 'W') {
      position++;
      return new Node.One(c == 'w' ? Properties.WORD : Properties.WORD.complement());
    }
    return new Node.One(cased(escapedSet()));
  }

  /// What an escape stands for, the backslash being read.
  private CodePoints escapedSet() {
    int c = more() ? next() : ' ';
    return switch (c) {
      case 'd' -> Properties.required("digit");
      case 'D' -> Properties.required("digit").complement();
      case 's' -> Properties.required("space");
      case 'S' -> Properties.required("space").complement();
      case 'w' -> Properties.required("word");
      case 'W' -> Properties.required("word").complement();
      case 'h' -> Properties.required("xdigit");
      case 'H' -> Properties.required("xdigit").complement();
      case 'p' -> property(false);
      case 'P' -> property(true);
      default -> CodePoints.of(escaped(c));
    };
  }

  private CodePoints property(boolean negative) {
    if (!skip('{')) {
      throw problem("\\p without {");
    }
    boolean not = skip('^') ^ negative;
    StringBuilder name = new StringBuilder();
    while (more() && peek() != '}' && name.length() < 40) {
      name.appendCodePoint(next());
    }
    if (!skip('}')) {
      throw problem("\\p{ without }");
    }
    CodePoints set =
        Properties.named(name.toString())
            .orElseThrow(() -> problem("a property \\p{" + name + "}"));
    return not ? set.complement() : set;
  }

  private int escaped(int c) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case 'a' -> 0x07;
      case 'e' -> 0x1B;
      case '0' -> 0;
      case 'x' -> skip('{') ? hex(8, true) : hex(2, false);
      case 'u' -> hex(4, false);
      default -> {
        if (c > 127 || Character.isLetterOrDigit(c)) {
          throw problem("an escape \\" + Character.toString(c));
        }
        yield c;
      }
    };
  }

  private int hex(int most, boolean braced) {
    int value = 0;
    int digits = 0;
    while (more() && digits < most && Character.digit(peek(), 16) >= 0 && peek() < 128) {
      value = 16 * value + Character.digit(next(), 16);
      digits++;
    }
    if (digits == 0 || (braced && !skip('}')) || value < 0 || value > Character.MAX_CODE_POINT) {
      throw problem("an escape that is not a character");
    }
    return value;
  }

  /// A set in brackets, the first being read.
  private CodePoints set() {
    if (++depth > MAX_DEPTH) {
      throw problem("more than " + MAX_DEPTH + " brackets in each other");
    }
    boolean negative = skip('^');
    CodePoints set = CodePoints.NONE;
    CodePoints meets = CodePoints.NONE.complement();
    boolean first = true;
    while (more() && (peek() != ']' || first)) {
      if (peek() == '&' && position + 1 < pattern.length && pattern[position + 1] == '&') {
        position += 2;
        meets = meets.intersection(cased(set));
        set = CodePoints.NONE;
      } else {
        set = set.union(member());
      }
      first = false;
    }
    if (!skip(']')) {
      throw problem("a [ without its ]");
    }
    depth--;
    CodePoints all = meets.intersection(cased(set));
    return negative ? all.complement() : all;
  }

  private CodePoints member() {
    int c = next();
    if (c == '[') {
      return more() && peek() == ':' ? posix() : set();
    }
    if (c == '\\' && more() && "dDsSwWhHpP".indexOf(peek()) >= 0) {
      return escapedSet();
    }
    int from = c == '\\' && more() ? escapedInSet() : c;
    boolean range =
        position + 1 < pattern.length
            && peek() == '-'
            && pattern[position + 1] != ']'
            && pattern[position + 1] != '[';
    if (!range) {
      return CodePoints.of(from);
    }
    position++;
    int to = next();
    if (to == '\\' && more()) {
      if ("dDsSwWhHpP".indexOf(peek()) >= 0) {
        return CodePoints.of(from).union(CodePoints.of('-')).union(escapedSet());
      }
      to = escapedInSet();
    }
    if (to < from) {
      throw problem("a range that goes down");
    }
    return CodePoints.range(from, to);
  }

  private int escapedInSet() {
    int c = next();
    return c == 'b' ? '\b' : escaped(c);
  }

  private CodePoints posix() {
    int start = ++position;
    while (more() && peek() != ':' && position - start < 20) {
      position++;
    }
    String name = new String(pattern, start, position - start);
    if (!skip(':') || !skip(']') || name.startsWith("^")) {
      throw problem("a class [:" + name);
    }
    return Properties.named(name).orElseThrow(() -> problem("a class [:" + name + ":]"));
  }

  private boolean more() {
    return position < pattern.length;
  }

  private int peek() {
    return pattern[position];
  }

  private int next() {
    if (!more()) {
      throw problem("an end too early");
    }
    return pattern[position++];
  }

  private boolean skip(int c) {
    boolean there = more() && peek() == c;
    position += there ? 1 : 0;
    return there;
  }

  private RegexException problem(String what) {
    return new RegexException("has " + what + " at character " + position);
  }
}
