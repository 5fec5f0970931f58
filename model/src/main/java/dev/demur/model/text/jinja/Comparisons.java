package dev.demur.model.text.jinja;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;

/// Python's `==`, `<` and `in`.
final class Comparisons {

  private final Rendering rendering;

  Comparisons(Rendering rendering) {
    this.rendering = rendering;
  }

  boolean holds(String operator, Object left, Object right) {
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      default -> ordered(operator, left, right);
    };
  }

  private boolean ordered(String operator, Object left, Object right) {
    boolean hasNan = isNan(left) || isNan(right);
    int order = compare(operator, left, right);
    return !hasNan
        && switch (operator) {
          case "<" -> order < 0;
          case "<=" -> order <= 0;
          case ">" -> order > 0;
          default -> order >= 0;
        };
  }

  private static boolean isNan(Object value) {
    return value instanceof Double d && d.isNaN();
  }

  boolean equal(Object left, Object right) {
    return equal(left, right, 0);
  }

  private boolean equal(Object left, Object right, int depth) {
    rendering.step();
    if (depth > Values.MAX_DEPTH) {
      throw new TemplateException("RecursionError: values are nested too deep to compare");
    }
    if (Values.isNumber(left) && Values.isNumber(right)) {
      return equalNumbers(left, right);
    }
    if (Values.isText(left) && Values.isText(right)) {
      String text = Values.text(left);
      String other = Values.text(right);
      rendering.read(text.length() == other.length() ? text.length() : 0);
      return text.equals(other);
    }
    return switch (left) {
      case Tuple l when right instanceof Tuple r -> equalItems(l.items(), r.items(), depth);
      case List<?> l when right instanceof List<?> r -> equalItems(l, r, depth);
      case Dict l when right instanceof Dict r -> equalDicts(l, r, depth);
      case Range l when right instanceof Range r -> sameItems(l, r);
      case Undefined l -> right instanceof Undefined;
      default -> left.equals(right);
    };
  }

  private boolean sameItems(Range left, Range right) {
    rendering.steps(left.size());
    return left.items().equals(right.items());
  }

  private static boolean equalNumbers(Object left, Object right) {
    if (left instanceof Double l && right instanceof Double r) {
      return l.doubleValue() == r.doubleValue();
    }
    return compareNumbers(left, right) == 0 && !isNan(left) && !isNan(right);
  }

  private boolean equalItems(List<?> left, List<?> right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean equalDicts(Dict left, Dict right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    rendering.read(left.size());
    for (Object key : left.keys()) {
      var other = right.get(key);
      if (other.isEmpty() || !equal(left.get(key).orElseThrow(), other.get(), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  /// Order of two values for sorting.
  int compare(Object left, Object right) {
    return compare("<", left, right);
  }

  private int compare(String operator, Object left, Object right) {
    rendering.step();
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (Values.isNumber(left) && Values.isNumber(right)) {
      return compareNumbers(left, right);
    }
    if (Values.isText(left) && Values.isText(right)) {
      rendering.read(Math.min(Values.extent(left), Values.extent(right)));
      return compareText(Values.text(left), Values.text(right));
    }
    if (left instanceof List<?> l && right instanceof List<?> r) {
      return compareItems(operator, l, r);
    }
    if (left instanceof Tuple l && right instanceof Tuple r) {
      return compareItems(operator, l.items(), r.items());
    }
    throw TemplateException.wrongType(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(operator, Values.typeName(left), Values.typeName(right)));
  }

  private static int compareNumbers(Object left, Object right) {
    if (left instanceof Long l && right instanceof Long r) {
      return Long.compare(l, r);
    }
    double l = left instanceof Double d ? d : 0;
    double r = right instanceof Double d ? d : 0;
    boolean finite = Double.isFinite(l) && Double.isFinite(r);
    return finite ? exact(left).compareTo(exact(right)) : Double.compare(l, r);
  }

  private static BigDecimal exact(Object number) {
    return number instanceof Double d ? new BigDecimal(d) : new BigDecimal(Numbers.big(number));
  }

  /// By code points, which is not the order of UTF-16.
  private static int compareText(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char l = left.charAt(i);
      char r = right.charAt(i);
      if (l != r) {
        return Character.isSurrogate(l) == Character.isSurrogate(r)
            ? Character.compare(l, r)
            : Character.isSurrogate(l) ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  private int compareItems(String operator, List<?> left, List<?> right) {
    rendering.enter();
    int shared = Math.min(left.size(), right.size());
    int order = Integer.compare(left.size(), right.size());
    for (int i = 0; i < shared; i++) {
      if (!equal(left.get(i), right.get(i))) {
        order = compare(operator, left.get(i), right.get(i));
        break;
      }
    }
    rendering.leave();
    return order;
  }

  /// `value in container`
  boolean contains(Object container, Object value) {
    rendering.read(value);
    return switch (container) {
      case Dict dict -> dict.containsKey(value);
      case DictView view when view.kind() == DictView.Kind.KEYS -> view.dict().containsKey(value);
      case String text -> containsText(text, value);
      case Markup markup -> containsText(markup.text(), value);
      case Namespace namespace -> throw notAContainer(container);
      default -> {
        Iterator<Object> items =
            Values.iteratorIfAny(container).orElseThrow(() -> notAContainer(container));
        boolean found = false;
        while (!found && items.hasNext()) {
          Object item = items.next();
          // A list finds the very NaN it holds, though NaN equals nothing.
          found = (item instanceof Double d && d.equals(value)) || equal(item, value);
        }
        yield found;
      }
    };
  }

  private boolean containsText(String text, Object value) {
    if (!Values.isText(value)) {
      throw TemplateException.wrongType(
          "'in <string>' requires string as left operand, not " + Values.typeName(value));
    }
    rendering.search(text, Values.text(value));
    return text.contains(Values.text(value));
  }

  private static TemplateException notAContainer(Object value) {
    return TemplateException.wrongType(
        "argument of type '" + Values.typeName(value) + "' is not iterable");
  }
}
