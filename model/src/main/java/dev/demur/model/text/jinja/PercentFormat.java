package dev.demur.model.text.jinja;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `text % values`: conversions as in C's printf.
final class PercentFormat {

  private static final int MAX_WIDTH = 100_000;
  private static final Pattern CONVERSION =
      Pattern.compile(
          "%(?:\\(([^)]*)\\))?([-+ #0]*)(\\*|\\d{1,9})?(?:\\.(\\*|\\d{0,9}))?[hlL]?(.)",
          Pattern.DOTALL);

  private final Rendering rendering;
  private final Object values;
  private final Iterator<Object> positional;
  private boolean named;

  private PercentFormat(Rendering rendering, Object values) {
    this.rendering = rendering;
    this.values = values;
    this.positional =
        values instanceof Tuple tuple ? tuple.items().iterator() : List.of(values).iterator();
  }

  static String format(Rendering rendering, String template, Object values) {
    return new PercentFormat(rendering, values).format(template);
  }

  private String format(String template) {
    Output output = new Output(rendering);
    Matcher matcher = CONVERSION.matcher(template);
    int position = 0;
    int at = template.indexOf('%');
    while (at >= 0) {
      output.write(template.substring(position, at));
      if (!matcher.region(at, template.length()).lookingAt()) {
        throw TemplateException.wrongValue("incomplete format");
      }
      output.write(conversion(matcher));
      position = matcher.end();
      at = template.indexOf('%', position);
    }
    output.write(template.substring(position));
    if (positional.hasNext() && !named && !isSubscriptable()) {
      throw TemplateException.wrongType("not all arguments converted during string formatting");
    }
    return output.text();
  }

  /// A value that could be looked up by name may go unused.
  private boolean isSubscriptable() {
    return values instanceof Dict
        || values instanceof List<?>
        || values instanceof Range
        || values instanceof Undefined;
  }

  private String conversion(Matcher matcher) {
    char type = matcher.group(5).charAt(0);
    if (type == '%') {
      return "%";
    }
    String flags = matcher.group(2);
    int width = number(matcher.group(3), 0);
    int precision = number(matcher.group(4), -1);
    boolean left = flags.contains("-") || width < 0;
    Object value = matcher.group(1) == null ? next() : byName(matcher.group(1));
    String shown =
        switch (type) {
          case 's' -> cut(Printer.str(rendering, value), precision);
          case 'r', 'a' -> cut(Printer.repr(rendering, value), precision);
          case 'c' -> character(value);
          case 'd', 'i', 'u' -> integer(type, value, precision);
          case 'x', 'X', 'o' -> radix(type, value, precision, flags.contains("#"));
          case 'e', 'E', 'f', 'F', 'g', 'G' -> real(type, value, precision, flags.contains("#"));
          default ->
              throw TemplateException.wrongValue("unsupported format character '" + type + "'");
        };
    boolean numeric = "diuxXoeEfFgG".indexOf(type) >= 0;
    String signed = numeric ? withSign(shown, flags) : shown;
    return padded(signed, Math.abs(width), left, numeric && flags.contains("0") && !left);
  }

  private int number(@org.jspecify.annotations.Nullable String digits, int byDefault) {
    if (digits == null) {
      return byDefault;
    }
    long value =
        digits.equals("*") ? Numbers.index(next()) : digits.isEmpty() ? 0 : Long.parseLong(digits);
    if (Math.abs(value) > MAX_WIDTH) {
      throw TemplateException.wrongValue("width or precision above " + MAX_WIDTH);
    }
    return (int) value;
  }

  private Object next() {
    if (!positional.hasNext()) {
      throw TemplateException.wrongType("not enough arguments for format string");
    }
    return positional.next();
  }

  private Object byName(String name) {
    named = true;
    if (!(values instanceof Dict dict)) {
      throw TemplateException.wrongType("format requires a mapping");
    }
    return dict.get(name)
        .orElseThrow(() -> new TemplateException("KeyError: " + Printer.named(name)));
  }

  private static String cut(String text, int precision) {
    return precision >= 0 && precision < Strings.length(text)
        ? Strings.slice(text, 0, precision)
        : text;
  }

  private static String character(Object value) {
    if (Values.isText(value) && Strings.length(Values.text(value)) == 1) {
      return Values.text(value);
    }
    if (Values.isInteger(value)) {
      long c = Numbers.index(value);
      if (c >= 0 && c <= Character.MAX_CODE_POINT) {
        return Character.toString((int) c);
      }
    }
    throw TemplateException.wrongType("%c requires int or char");
  }

  private static String integer(char type, Object value, int precision) {
    if (!Values.isNumber(value)) {
      throw TemplateException.wrongType(
          "%" + type + " format: a real number is required, not " + Values.typeName(value));
    }
    Object whole = value instanceof Double d ? Numbers.truncate(d) : value;
    return withDigits(Printer.digits(Numbers.big(whole)), precision);
  }

  private static String radix(char type, Object value, int precision, boolean prefix) {
    if (!Values.isInteger(value)) {
      throw TemplateException.wrongType(
          "%" + type + " format: an integer is required, not " + Values.typeName(value));
    }
    BigInteger number = Numbers.big(value);
    String digits = withDigits(number.abs().toString(type == 'o' ? 8 : 16), precision);
    String shown = (prefix ? "0" + type : "") + (type == 'X' ? Strings.upper(digits) : digits);
    return number.signum() < 0 ? "-" + shown : shown;
  }

  private static String withDigits(String number, int precision) {
    boolean negative = number.startsWith("-");
    String digits = negative ? number.substring(1) : number;
    String zeros = "0".repeat(Math.max(0, precision - digits.length()));
    return (negative ? "-" : "") + zeros + digits;
  }

  private static String real(char type, Object value, int asked, boolean alternate) {
    double number = Numbers.toDouble(value);
    int precision = Math.min(asked < 0 ? 6 : asked, 1000);
    String shown =
        switch (type) {
          case 'e', 'E' -> FormatSpec.exponential(number, precision);
          case 'f', 'F' -> FormatSpec.fixed(number, precision);
          default -> FormatSpec.general(number, precision, alternate);
        };
    return Character.isUpperCase(type) ? Strings.upper(shown) : shown;
  }

  private static String withSign(String shown, String flags) {
    if (shown.startsWith("-")) {
      return shown;
    }
    return (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + shown;
  }

  private String padded(String shown, int width, boolean left, boolean zeros) {
    int missing = width - Strings.length(shown);
    if (missing <= 0) {
      return shown;
    }
    rendering.allocate(width);
    if (zeros) {
      int sign = shown.startsWith("-") || shown.startsWith("+") || shown.startsWith(" ") ? 1 : 0;
      return shown.substring(0, sign) + "0".repeat(missing) + shown.substring(sign);
    }
    return left ? shown + " ".repeat(missing) : " ".repeat(missing) + shown;
  }
}
