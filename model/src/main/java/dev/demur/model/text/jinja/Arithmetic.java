package dev.demur.model.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Python's `+ - * / // % **` on numbers, strings, lists and tuples.
final class Arithmetic {

  private final Rendering rendering;

  Arithmetic(Rendering rendering) {
    this.rendering = rendering;
  }

  Object apply(String operator, Object left, Object right) {
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (operator.equals("%") && Values.isText(left)) {
      String text = PercentFormat.format(rendering, Values.text(left), right);
      return left instanceof Markup ? new Markup(text) : text;
    }
    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (Values.isNumber(left) && Values.isNumber(right)) {
      return left instanceof Double || right instanceof Double
          ? floats(operator, Numbers.toDouble(left), Numbers.toDouble(right))
          : integers(operator, left, right);
    }
    return switch (operator) {
      case "+" -> joined(left, right);
      case "*" -> {
        if (Values.isInteger(right)) {
          yield repeated(left, Numbers.index(right), right);
        }
        if (Values.isInteger(left)) {
          yield repeated(right, Numbers.index(left), left);
        }
        throw unsupported(operator, left, right);
      }
      default -> throw unsupported(operator, left, right);
    };
  }

  private static TemplateException unsupported(String operator, Object left, Object right) {
    if (operator.equals("+") && Values.isText(left)) {
      return TemplateException.wrongType(
          "can only concatenate str (not \"" + Values.typeName(right) + "\") to str");
    }
    return TemplateException.wrongType(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(
                operator.equals("**") ? "** or pow()" : operator,
                Values.typeName(left),
                Values.typeName(right)));
  }

  private Object joined(Object left, Object right) {
    if (Values.isText(left) && Values.isText(right)) {
      boolean escapes = left instanceof Markup || right instanceof Markup;
      String first = escapes ? Markup.escaped(rendering, left).text() : Values.text(left);
      String second = escapes ? Markup.escaped(rendering, right).text() : Values.text(right);
      rendering.allocate((long) first.length() + second.length());
      return escapes ? new Markup(first + second) : first + second;
    }
    if (left instanceof List<?> l && right instanceof List<?> r) {
      return joinedItems(l, r);
    }
    if (left instanceof Tuple l && right instanceof Tuple r) {
      return Tuple.of(joinedItems(l.items(), r.items()));
    }
    throw unsupported("+", left, right);
  }

  private List<Object> joinedItems(List<?> left, List<?> right) {
    rendering.allocateItems((long) left.size() + right.size());
    List<Object> items = new ArrayList<>(left);
    items.addAll(right);
    return items;
  }

  private Object repeated(Object value, long times, Object count) {
    int copies = Math.clamp(times, 0, Rendering.MAX_TEXT);
    return switch (value) {
      case String text -> {
        rendering.allocate((long) text.length() * copies);
        yield text.repeat(copies);
      }
      case Markup markup -> {
        rendering.allocate((long) markup.text().length() * copies);
        yield new Markup(markup.text().repeat(copies));
      }
      case List<?> list -> repeatedItems(list, copies);
      case Tuple tuple -> Tuple.of(repeatedItems(tuple.items(), copies));
      default -> throw unsupported("*", value, count);
    };
  }

  private List<Object> repeatedItems(List<?> items, int copies) {
    rendering.allocateItems((long) items.size() * copies);
    List<Object> result = new ArrayList<>();
    for (int i = 0; i < (items.isEmpty() ? 0 : copies); i++) {
      result.addAll(items);
    }
    return result;
  }

  private Object integers(String operator, Object left, Object right) {
    BigInteger l = Numbers.big(left);
    BigInteger r = Numbers.big(right);
    rendering.steps((l.bitLength() + (long) r.bitLength()) >> 6);
    return switch (operator) {
      case "+" -> Numbers.of(l.add(r));
      case "-" -> Numbers.of(l.subtract(r));
      case "*" -> Numbers.of(l.multiply(r));
      case "/" -> quotient(l, r);
      case "//" -> Numbers.of(floorDivide(nonZero("integer division or modulo by zero", r), l));
      case "%" -> {
        nonZero("integer modulo by zero", r);
        yield Numbers.of(l.subtract(floorDivide(r, l).multiply(r)));
      }
      default -> power(l, r);
    };
  }

  private static BigInteger nonZero(String problem, BigInteger divisor) {
    if (divisor.signum() == 0) {
      throw new TemplateException("ZeroDivisionError: " + problem);
    }
    return divisor;
  }

  private static BigInteger floorDivide(BigInteger divisor, BigInteger dividend) {
    BigInteger[] parts = dividend.divideAndRemainder(divisor);
    boolean below = parts[1].signum() != 0 && parts[1].signum() != divisor.signum();
    return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static double quotient(BigInteger left, BigInteger right) {
    nonZero("division by zero", right);
    if (left.bitLength() <= 53 && right.bitLength() <= 53) {
      return left.doubleValue() / right.doubleValue();
    }
    double result =
        new BigDecimal(left)
            .divide(new BigDecimal(right), java.math.MathContext.DECIMAL128)
            .doubleValue();
    if (Double.isInfinite(result)) {
      throw new TemplateException("OverflowError: integer division result too large for a float");
    }
    return result;
  }

  private Object power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      if (base.signum() == 0) {
        throw new TemplateException("ZeroDivisionError: 0.0 cannot be raised to a negative power");
      }
      return Math.pow(base.doubleValue(), exponent.doubleValue());
    }
    if (base.abs().bitLength() <= 1) {
      boolean negative = base.signum() < 0 && exponent.testBit(0);
      return negative ? -1L : exponent.signum() == 0 ? 1L : (long) base.abs().intValue();
    }
    long times = Numbers.index(Numbers.of(exponent));
    if (times * base.bitLength() / 2 > 1 << 17 || times > 1 << 18) {
      throw new TemplateException("OverflowError: result of ** is too large");
    }
    rendering.steps(times);
    return Numbers.of(base.pow((int) times));
  }

  private static Object floats(String operator, double left, double right) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / nonZero("float division by zero", right);
      case "//" -> floorQuotient(left, nonZero("float floor division by zero", right));
      case "%" -> modulo(left, nonZero("float modulo", right));
      default -> power(left, right);
    };
  }

  private static double nonZero(String problem, double divisor) {
    if (divisor == 0) {
      throw new TemplateException("ZeroDivisionError: " + problem);
    }
    return divisor;
  }

  private static double modulo(double left, double right) {
    double rest = left % right;
    if (rest == 0) {
      return Math.copySign(0.0, right);
    }
    return (rest < 0) == (right < 0) ? rest : rest + right;
  }

  /// As CPython computes it, so that the result agrees with [#modulo].
  private static double floorQuotient(double left, double right) {
    double rest = left % right;
    double quotient = (left - rest) / right;
    if (rest != 0 && (rest < 0) != (right < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, left / right);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double power(double base, double exponent) {
    if (base == 0 && exponent < 0) {
      throw new TemplateException("ZeroDivisionError: 0.0 cannot be raised to a negative power");
    }
    if (base < 0 && exponent != Math.rint(exponent) && Double.isFinite(base)) {
      throw new TemplateException("a negative number to a broken power is a complex number");
    }
    double result = Math.pow(base, exponent);
    if (Double.isInfinite(result) && Double.isFinite(base) && Double.isFinite(exponent)) {
      throw new TemplateException("OverflowError: (34, 'Numerical result out of range')");
    }
    return result;
  }

  Object negated(Object value) {
    return switch (value) {
      case Double d -> -d;
      case Undefined undefined -> throw undefined.failure();
      default -> {
        requireNumber("-", value);
        yield Numbers.of(Numbers.big(value).negate());
      }
    };
  }

  Object positive(Object value) {
    return switch (value) {
      case Double d -> d;
      case Undefined undefined -> throw undefined.failure();
      default -> {
        requireNumber("+", value);
        yield Numbers.of(Numbers.big(value));
      }
    };
  }

  private static void requireNumber(String operator, Object value) {
    if (!Values.isInteger(value)) {
      throw TemplateException.wrongType(
          "bad operand type for unary " + operator + ": '" + Values.typeName(value) + "'");
    }
  }
}
