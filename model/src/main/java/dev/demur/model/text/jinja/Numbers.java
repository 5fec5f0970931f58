package dev.demur.model.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/// Python's integers, which have no upper bound, and floats.
final class Numbers {

  /// Far beyond what a template computes; larger results are refused.
  private static final int MAX_BITS = 1 << 16;

  private Numbers() {}

  /// An integer in its one representation: `Long` when it fits.
  static Object of(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw new TemplateException("OverflowError: integer has more than " + MAX_BITS + " bits");
    }
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  static BigInteger big(Object value) {
    return switch (value) {
      case Boolean b -> b ? BigInteger.ONE : BigInteger.ZERO;
      case Long n -> BigInteger.valueOf(n);
      case BigInteger n -> n;
      default -> throw new IllegalStateException(Values.typeName(value));
    };
  }

  static double toDouble(Object value) {
    return switch (value) {
      case Double d -> d;
      case Undefined undefined -> throw undefined.failure();
      default -> {
        if (!Values.isInteger(value)) {
          throw TemplateException.wrongType("must be real number, not " + Values.typeName(value));
        }
        double result = big(value).doubleValue();
        if (Double.isInfinite(result)) {
          throw new TemplateException("OverflowError: int too large to convert to float");
        }
        yield result;
      }
    };
  }

  /// An integer used to count or to index; values beyond 64 bits are clamped.
  ///
  /// @throws TemplateException if the value is not an integer
  static long index(Object value) {
    return switch (value) {
      case Boolean b -> b ? 1 : 0;
      case Long n -> n;
      case BigInteger n -> n.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
      case Undefined undefined -> throw undefined.failure();
      default ->
          throw TemplateException.wrongType(
              "'" + Values.typeName(value) + "' object cannot be interpreted as an integer");
    };
  }

  /// `int(value)` of a float.
  static Object truncate(double value) {
    if (Double.isNaN(value)) {
      throw TemplateException.wrongValue("cannot convert float NaN to integer");
    }
    if (Double.isInfinite(value)) {
      throw new TemplateException("OverflowError: cannot convert float infinity to integer");
    }
    return of(new BigDecimal(value).toBigInteger());
  }

  /// `int(text, base)`, or nothing if the text is no such number.
  static Optional<Object> parseInteger(String text, int base) {
    String digits = Strings.stripEnd(Strings.stripStart(text, Strings::isSpace), Strings::isSpace);
    boolean negative = digits.startsWith("-");
    String unsigned = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    int radix = base;
    String prefix = unsigned.length() > 1 ? Strings.lower(unsigned.substring(0, 2)) : "";
    int prefixed =
        switch (prefix) {
          case "0x" -> 16;
          case "0o" -> 8;
          case "0b" -> 2;
          default -> 0;
        };
    if (prefixed > 0 && (base == prefixed || base == 0)) {
      radix = prefixed;
      unsigned = unsigned.substring(unsigned.startsWith("_", 2) ? 3 : 2);
    } else if (base == 0) {
      radix = 10;
    }
    boolean valid =
        !unsigned.isEmpty()
            && unsigned.length() <= MAX_BITS / 8
            && radix >= Character.MIN_RADIX
            && radix <= Character.MAX_RADIX
            && !unsigned.startsWith("_")
            && !unsigned.endsWith("_")
            && !unsigned.contains("__");
    String plain = unsigned.replace("_", "");
    int digitRadix = radix;
    if (!valid || !plain.codePoints().allMatch(c -> Character.digit(c, digitRadix) >= 0)) {
      return Optional.empty();
    }
    BigInteger value = new BigInteger(plain, radix);
    return Optional.of(of(negative ? value.negate() : value));
  }

  /// `float(text)`, or nothing if the text is not a number.
  static Optional<Double> parseFloat(String text) {
    String number =
        Strings.lower(
            Strings.stripEnd(Strings.stripStart(text, Strings::isSpace), Strings::isSpace));
    String unsigned =
        number.startsWith("-") || number.startsWith("+") ? number.substring(1) : number;
    double sign = number.startsWith("-") ? -1 : 1;
    if (unsigned.equals("inf") || unsigned.equals("infinity")) {
      return Optional.of(sign * Double.POSITIVE_INFINITY);
    }
    if (unsigned.equals("nan")) {
      return Optional.of(Double.NaN);
    }
    String plain = unsigned.replaceAll("(?<=\\d)_(?=\\d)", "");
    if (!plain.matches("(\\d++\\.?+\\d*+|\\.\\d++)(e[-+]?\\d++)?")) {
      return Optional.empty();
    }
    return Optional.of(sign * Double.parseDouble(plain));
  }
}
