package dev.demur.lab.policy;

import dev.demur.lab.policy.PolicyTokens.Kind;
import dev.demur.lab.policy.PolicyTokens.Token;
import dev.demur.model.hook.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the policy language. Changed by every token it takes.
///
/// ```
/// policy = "nothing" | rule { ";" rule }
/// rule   = what [ "keeping" "norm" ] { "@" where } [ "when" gate ]
/// what   = "ablate" NAME | "scale" NUMBER NAME | "add" [ NUMBER ] NAME | "affine" NUMBER NAME
///        | "clamp" NAME "to" NUMBER | "map" [ NUMBER ] NAME [ "from" "last" ]
/// where  = "layer" N | "layers" N-N | "sites" SITE,SITE | "every" | "prompt" | "last" | "answer"
/// gate   = "always" | { "not" } ( NAME ">" NUMBER | "cos" "(" NAME ")" ">" NUMBER )
/// ```
final class PolicyParser {

  static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

  /// Words of the language; a name like one of them is quoted.
  static final Set<String> WORDS =
      Set.of(
          "nothing", "ablate", "scale", "add", "affine", "clamp", "to", "map", "from", "last",
          "keeping", "norm", "when", "always", "not", "cos");

  private static final Pattern RANGE = Pattern.compile("(\\d{1,6})-(\\d{1,6})");

  /// Rules of one policy; more are a mistake or an attack.
  private static final int MAX_RULES = 1024;

  private static final String OPERATORS = "ablate, scale, add, affine, clamp or map";

  private final List<Token> tokens;
  private final Names names;
  private final Map<String, Ingredient> found = new LinkedHashMap<>();
  private int next;

  private PolicyParser(String line, Names names) {
    this.tokens = PolicyTokens.of(line);
    this.names = names;
  }

  static Policy parse(String line, Names names) {
    return new PolicyParser(line, names).policy();
  }

  private Policy policy() {
    if (peek().isWord("nothing")) {
      take();
      requireEnd();
      return Policy.none();
    }
    var rules = new ArrayList<Rule>();
    do {
      if (rules.size() == MAX_RULES) {
        throw wrong(peek(), "at most " + MAX_RULES + " rules");
      }
      rules.add(rule());
    } while (takeSign(';'));
    requireEnd();
    return new Policy(rules, found);
  }

  private void requireEnd() {
    if (peek().kind() != Kind.END) {
      throw wrong(peek(), "keeping norm, @, when, a semicolon before the next rule, or the end");
    }
  }

  private Rule rule() {
    var operator = operator();
    if (takeWord("keeping")) {
      requireWord("norm", "norm, as in keeping norm");
      operator = new Operator.KeepNorm(operator);
    }
    var where = new Where();
    while (takeSign('@')) {
      where.take(take());
    }
    Gate gate = takeWord("when") ? gate() : new Gate.Always();
    return new Rule(gate, where.span, where.places(), operator);
  }

  private Operator operator() {
    var word = take();
    return switch (word.kind() == Kind.WORD ? word.text() : "") {
      case "ablate" -> new Operator.Scale(name(Uses.SCALED), 0);
      case "scale" -> {
        double factor = number("a factor, as in scale 1.1 r");
        yield new Operator.Scale(name(Uses.SCALED), factor);
      }
      case "add" -> {
        double coefficient = isNumber(peek()) ? number("") : 1;
        yield new Operator.Add(name(Uses.DIRECTION), coefficient);
      }
      case "affine" -> {
        double coefficient = number("a coefficient, as in affine 0 r");
        yield new Operator.Affine(name(Uses.CENTRED), coefficient);
      }
      case "clamp" -> {
        String name = name(Uses.DIRECTION);
        requireWord("to", "to and a number, as in clamp r to 3");
        yield new Operator.Clamp(name, number("a number, as in clamp r to 3"));
      }
      case "map" -> {
        double factor = isNumber(peek()) ? number("") : 1;
        String name = name(Uses.MAP);
        var from = Operator.From.ROW;
        if (takeWord("from")) {
          requireWord("last", "last, as in from last");
          from = Operator.From.LAST_PROMPT;
        }
        yield new Operator.Map(name, factor, from);
      }
      default -> throw wrong(word, OPERATORS);
    };
  }

  private Gate gate() {
    int nots = 0;
    while (takeWord("not")) {
      nots++;
    }
    var token = peek();
    if (takeWord("always")) {
      if (nots > 0) {
        throw wrong(token, "a gate that can be false behind not");
      }
      return new Gate.Always();
    }
    Gate gate = threshold();
    for (int i = 0; i < nots; i++) {
      gate = new Gate.Not(gate);
    }
    return gate;
  }

  private Gate threshold() {
    if (peek().isWord("cos")) {
      take();
      requireSign('(');
      String name = name(Uses.SCALED);
      requireSign(')');
      requireSign('>');
      return new Gate.Cosine(name, number("a threshold"));
    }
    String name = name(Uses.SCORED);
    requireSign('>');
    return new Gate.Above(name, number("a threshold"));
  }

  private String name(Uses use) {
    var token = take();
    boolean isName =
        token.kind() == Kind.QUOTED
            || (token.kind() == Kind.WORD
                && !WORDS.contains(token.text())
                && PolicyText.PLAIN.matcher(token.text()).matches());
    if (!isName) {
      throw wrong(token, "the name of " + use.text());
    }
    var ingredient =
        names
            .find(token.text())
            .orElseThrow(() -> wrong(token, "the name of " + use.text() + known()));
    if (!use.fits(ingredient)) {
      throw new PolicySyntaxException(
          token.at(), token.shown() + ", which is " + ingredient.kind(), use.text());
    }
    found.put(token.text(), ingredient);
    return token.text();
  }

  private String known() {
    var all = names.known();
    return all.isEmpty() ? "" : " (known: " + String.join(", ", all) + ")";
  }

  private double number(String expected) {
    var token = take();
    if (!isNumber(token)) {
      throw wrong(token, expected);
    }
    double value = Double.parseDouble(token.text());
    if (Double.isInfinite(value)) {
      throw wrong(token, "a number that is finite");
    }
    return value;
  }

  private static boolean isNumber(Token token) {
    return token.kind() == Kind.WORD && NUMBER.matcher(token.text()).matches();
  }

  /// The parts behind `@`. Changed by each.
  private final class Where {
    private Span span = Span.EVERY;
    private List<Site> sites = List.of();
    private Places.Layers layers = new Places.Layers.Own();

    Places places() {
      return new Places(sites, layers);
    }

    void take(Token word) {
      switch (word.kind() == Kind.WORD ? word.text() : "") {
        case "layer" -> layers = layers(PolicyParser.this.take(), "a layer, as in @layer 14");
        case "layers" -> layers = layers(PolicyParser.this.take(), "layers, as in @layers 8-14");
        case "sites" -> sites = sites(PolicyParser.this.take());
        default -> span = span(word);
      }
    }

    private static Span span(Token word) {
      return Stream.of(Span.values())
          .filter(one -> word.isWord(one.text()))
          .findFirst()
          .orElseThrow(
              () ->
                  wrong(
                      word,
                      "layer, layers, sites, "
                          + Arrays.stream(Span.values())
                              .map(Span::text)
                              .collect(Collectors.joining(", "))));
    }

    private static Places.Layers layers(Token token, String expected) {
      var range = RANGE.matcher(token.text());
      boolean one = token.text().matches("\\d{1,6}");
      if (token.kind() != Kind.WORD || !(one || range.matches())) {
        throw wrong(token, expected);
      }
      int first = Integer.parseInt(one ? token.text() : range.group(1));
      int last = one ? first : Integer.parseInt(range.group(2));
      if (last < first) {
        throw wrong(token, "a run of layers that does not run backwards");
      }
      return new Places.Layers.Range(first, last);
    }

    private static List<Site> sites(Token token) {
      try {
        var sites = Arrays.stream(token.text().split(",", -1)).map(Site::parse).toList();
        return new Places(sites, new Places.Layers.Own()).sites();
      } catch (IllegalArgumentException _) {
        throw wrong(
            token,
            "sites of the stream: resid_pre, attn_out, resid_mid, mlp_out, resid_post, with commas"
                + " between");
      }
    }
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    var token = tokens.get(next);
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  private boolean takeWord(String word) {
    boolean there = peek().isWord(word);
    if (there) {
      take();
    }
    return there;
  }

  private boolean takeSign(char sign) {
    boolean there = peek().isSign(sign);
    if (there) {
      take();
    }
    return there;
  }

  private void requireWord(String word, String expected) {
    if (!takeWord(word)) {
      throw wrong(peek(), expected);
    }
  }

  private void requireSign(char sign) {
    if (!takeSign(sign)) {
      throw wrong(peek(), "\"" + sign + "\"");
    }
  }

  private static PolicySyntaxException wrong(Token token, String expected) {
    return new PolicySyntaxException(token.at(), token.shown(), expected);
  }
}
