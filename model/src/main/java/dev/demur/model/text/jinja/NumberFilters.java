package dev.demur.model.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Filters that make numbers, or text from numbers.
final class NumberFilters {

  private static final List<String> UNITS = List.of("k", "M", "G", "T", "P", "E", "Z", "Y");

  static final Map<String, Filters.Filter> ALL = new HashMap<>();

  static {
    ALL.put("int", NumberFilters::integer);
    ALL.put("float", NumberFilters::real);
    ALL.put("abs", (r, v, a) -> absolute(v));
    ALL.put("round", NumberFilters::round);
    ALL.put("filesizeformat", NumberFilters::fileSize);
  }

  private NumberFilters() {}

  private static Object integer(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("int", "default", "base");
    Object byDefault = bound.get("default", 0L);
    return switch (value) {
      case Undefined undefined -> throw undefined.failure();
      case Double d -> Double.isFinite(d) ? Numbers.truncate(d) : byDefault;
      case String text ->
          Numbers.parseInteger(text, Math.clamp(bound.integer("base", 10), 0, 99))
              .or(() -> Numbers.parseFloat(text).filter(Double::isFinite).map(Numbers::truncate))
              .orElse(byDefault);
      case Markup markup -> integer(rendering, markup.text(), arguments);
      default -> Values.isInteger(value) ? Numbers.of(Numbers.big(value)) : byDefault;
    };
  }

  private static Object real(Rendering rendering, Object value, Arguments arguments) {
    Object byDefault = arguments.bind("float", "default").get("default", 0.0);
    return switch (value) {
      case Undefined undefined -> throw undefined.failure();
      case String text -> Numbers.parseFloat(text).<Object>map(d -> d).orElse(byDefault);
      case Markup markup -> real(rendering, markup.text(), arguments);
      default -> Values.isNumber(value) ? Numbers.toDouble(value) : byDefault;
    };
  }

  private static Object absolute(Object value) {
    return switch (value) {
      case Double d -> Math.abs(d);
      case Undefined undefined ->
          throw TemplateException.wrongType("bad operand type for abs(): 'Undefined'");
      default -> {
        if (!Values.isInteger(value)) {
          throw TemplateException.wrongType(
              "bad operand type for abs(): '" + Values.typeName(value) + "'");
        }
        yield Numbers.of(Numbers.big(value).abs());
      }
    };
  }

  private static Object round(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("round", "precision", "method");
    int precision = Math.clamp(bound.integer("precision", 0), -400, 400);
    String method = Values.text(bound.get("method", "common"));
    if (!List.of("common", "ceil", "floor").contains(method)) {
      throw new TemplateException("FilterArgumentError: method must be common, ceil or floor");
    }
    if (method.equals("common") && Values.isInteger(value)) {
      return roundedInteger(Numbers.big(value), precision);
    }
    if (!Values.isNumber(value)) {
      Numbers.toDouble(value);
    }
    double number = Numbers.toDouble(value);
    if (method.equals("common")) {
      return Double.isFinite(number)
          ? new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN).doubleValue() + 0.0
          : number;
    }
    Arithmetic arithmetic = new Arithmetic(rendering);
    Object scale = arithmetic.apply("**", 10L, (long) precision);
    double scaled = Numbers.toDouble(arithmetic.apply("*", value, scale));
    Object whole = Numbers.truncate(method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled));
    return arithmetic.apply("/", whole, scale);
  }

  private static Object roundedInteger(BigInteger value, int precision) {
    return precision >= 0
        ? Numbers.of(value)
        : Numbers.of(
            new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toBigInteger());
  }

  private static Object fileSize(Rendering rendering, Object value, Arguments arguments) {
    boolean binary = arguments.bind("filesizeformat", "binary").flag("binary");
    Object number = Values.isText(value) ? real(rendering, value, Arguments.of("")) : value;
    if (!Values.isNumber(number)) {
      throw TemplateException.wrongType(
          "float() argument must be a number, not '" + Values.typeName(value) + "'");
    }
    double bytes = Numbers.toDouble(number);
    int base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return "1 Byte";
    }
    if (bytes < base) {
      return Printer.str(rendering, Numbers.truncate(bytes)) + " Bytes";
    }
    double unit = base;
    String name = "";
    for (String prefix : UNITS) {
      unit *= base;
      name = prefix;
      if (bytes < unit) {
        break;
      }
    }
    String prefix = binary ? Strings.upper(name) + "iB" : name + "B";
    return FormatSpec.fixed(base * bytes / unit, 1) + " " + prefix;
  }
}
