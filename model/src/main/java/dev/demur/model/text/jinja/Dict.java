package dev.demur.model.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Python's dict: keys in order of insertion, equal by Python's rules (`1 == 1.0 == True`).
final class Dict {

  private final Map<Object, Tuple> entries = new LinkedHashMap<>();

  /// Sets a value while the dictionary is being built.
  void put(Object key, Object value) {
    Object same = identity(key, 0);
    Tuple old = entries.get(same);
    entries.put(same, Tuple.of(old == null ? key : old.items().getFirst(), value));
  }

  void putAll(Dict other) {
    entries.putAll(other.entries);
  }

  Optional<Object> get(Object key) {
    return Optional.ofNullable(entries.get(identity(key, 0))).map(pair -> pair.items().get(1));
  }

  boolean containsKey(Object key) {
    return entries.containsKey(identity(key, 0));
  }

  int size() {
    return entries.size();
  }

  List<Object> keys() {
    return column(0);
  }

  List<Object> values() {
    return column(1);
  }

  /// The pairs, each a [Tuple].
  List<Object> items() {
    return new ArrayList<>(entries.values());
  }

  private List<Object> column(int index) {
    List<Object> column = new ArrayList<>(entries.size());
    entries.values().forEach(pair -> column.add(pair.items().get(index)));
    return column;
  }

  /// A Java value that is equal exactly when the Python keys are.
  ///
  /// @throws TemplateException if the value cannot be a key
  static Object identity(Object key, int depth) {
    if (depth > Values.MAX_DEPTH) {
      throw new TemplateException("value is nested too deep");
    }
    return switch (key) {
      case Boolean b -> BigDecimal.valueOf(b ? 1 : 0);
      case Long n -> BigDecimal.valueOf(n);
      case BigInteger n -> n;
      case Double d when d.isInfinite() || d.isNaN() -> d;
      // Zero of any sign and scale is the same key.
      case Double d -> d == Math.rint(d) ? integral(d) : new BigDecimal(d).stripTrailingZeros();
      case Markup markup -> markup.text();
      case Tuple tuple -> tuple.items().stream().map(item -> identity(item, depth + 1)).toList();
      case List<?> list -> throw TemplateException.wrongType("unhashable type: 'list'");
      case Dict dict -> throw TemplateException.wrongType("unhashable type: 'dict'");
      default -> key;
    };
  }

  private static Number integral(double value) {
    BigInteger whole = new BigDecimal(value).toBigInteger();
    return whole.bitLength() < Long.SIZE ? BigDecimal.valueOf(whole.longValue()) : whole;
  }
}
