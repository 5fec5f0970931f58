package dev.demur.model.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's format mini-language: `[[fill]align][sign][z][#][0][width][,][.precision][type]`.
///
/// @param fill character to pad with
/// @param align `<`, `>`, `^` or `=` (between sign and digits); a blank when not given
/// @param sign what stands before positive numbers: `+`, a blank, or `-` for nothing
/// @param alternate whether prefixes such as `0x` are written
/// @param width least number of characters, 0 for none
/// @param grouping `,`, `_` or a blank
/// @param precision digits, or characters of a text
/// @param type last letter, a blank when not given
record FormatSpec(
    String fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    char grouping,
    OptionalInt precision,
    char type) {

  private static final int MAX_WIDTH = 100_000;
  private static final int MAX_PRECISION = 1000;

  private static final Pattern SYNTAX =
      Pattern.compile(
          "(?s)(?:(.)?([<>=^]))?([-+"
              + " ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([bcdeEfFgGnosxX%])?");

  static FormatSpec parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw TemplateException.wrongValue("Invalid format specifier '" + text + "'");
    }
    boolean zero = matcher.group(5) != null && matcher.group(2) == null;
    return new FormatSpec(
        Optional.ofNullable(matcher.group(1)).orElse(zero ? "0" : " "),
        zero ? '=' : letter(matcher.group(2)),
        matcher.group(3) == null ? '-' : letter(matcher.group(3)),
        matcher.group(4) != null,
        bounded(matcher.group(6), MAX_WIDTH).orElse(0),
        letter(matcher.group(7)),
        bounded(matcher.group(8), MAX_PRECISION),
        letter(matcher.group(9)));
  }

  private static char letter(@org.jspecify.annotations.Nullable String group) {
    return group == null ? ' ' : group.charAt(0);
  }

  private static OptionalInt bounded(@org.jspecify.annotations.Nullable String digits, int max) {
    if (digits == null) {
      return OptionalInt.empty();
    }
    int value = Integer.parseInt(digits);
    if (value > max) {
      throw TemplateException.wrongValue("format width or precision above " + max);
    }
    return OptionalInt.of(value);
  }

  /// `format(value, spec)`
  String format(Rendering rendering, Object value) {
    if (Values.isText(value)) {
      return text(rendering, Values.text(value));
    }
    boolean integral = "bcdoxXn ".indexOf(type) >= 0;
    if (value instanceof Boolean && type == ' ') {
      return text(rendering, Printer.str(rendering, value));
    }
    if (Values.isInteger(value) && integral) {
      return number(rendering, integer(Numbers.big(value)));
    }
    if (Values.isNumber(value)
        && type != 's'
        && !(value instanceof Double && "bcdoxX".indexOf(type) >= 0)) {
      return number(rendering, real(Numbers.toDouble(value)));
    }
    if (Values.isNumber(value)) {
      throw TemplateException.wrongValue(
          "Unknown format code '" + type + "' for object of type '" + Values.typeName(value) + "'");
    }
    throw TemplateException.wrongType(
        "unsupported format string passed to " + Values.typeName(value) + ".__format__");
  }

  private String text(Rendering rendering, String value) {
    if (type != ' ' && type != 's') {
      throw TemplateException.wrongValue(
          "Unknown format code '" + type + "' for object of type 'str'");
    }
    if (align == '=') {
      throw TemplateException.wrongValue("'=' alignment not allowed in string format specifier");
    }
    int length = Strings.length(value);
    String shown =
        precision.isPresent() && precision.getAsInt() < length
            ? Strings.slice(value, 0, precision.getAsInt())
            : value;
    return padded(rendering, shown, align == ' ' ? '<' : align);
  }

  private String padded(Rendering rendering, String value, char where) {
    int missing = width - Strings.length(value);
    if (missing <= 0) {
      return value;
    }
    rendering.allocate(width);
    int left = where == '<' ? 0 : where == '>' ? missing : missing / 2;
    return fill.repeat(left) + value + fill.repeat(missing - left);
  }

  private String number(Rendering rendering, String digits) {
    boolean negative = digits.startsWith("-");
    String unsigned = negative ? digits.substring(1) : digits;
    String signed = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    if (align != '=') {
      return padded(rendering, signed + unsigned, align == ' ' ? '>' : align);
    }
    rendering.allocate(width);
    int missing = width - signed.length() - Strings.length(unsigned);
    return signed + fill.repeat(Math.max(0, missing)) + unsigned;
  }

  private String integer(BigInteger value) {
    return switch (type) {
      case 'b' -> prefixed("0b", value.toString(2));
      case 'o' -> prefixed("0o", value.toString(8));
      case 'x' -> prefixed("0x", value.toString(16));
      case 'X' -> prefixed("0X", Strings.upper(value.toString(16)));
      case 'c' -> Character.toString(value.intValueExact());
      default -> grouped(Printer.digits(value));
    };
  }

  private String prefixed(String prefix, String digits) {
    boolean negative = digits.startsWith("-");
    String unsigned = negative ? digits.substring(1) : digits;
    return (negative ? "-" : "") + (alternate ? prefix : "") + unsigned;
  }

  private String real(double value) {
    String shown =
        switch (type) {
          case 'f', 'F' -> fixed(value, precision.orElse(6));
          case '%' -> fixed(value * 100, precision.orElse(6)) + "%";
          case 'e', 'E' -> exponential(value, precision.orElse(6));
          case 'g', 'G', 'n' -> general(value, precision.orElse(6), alternate);
          default -> precision.isPresent() ? shortest(value) : Printer.number(value);
        };
    return grouped(type == 'E' || type == 'G' || type == 'F' ? Strings.upper(shown) : shown);
  }

  private String shortest(double value) {
    String shown = general(value, precision.orElse(12), false);
    return shown.matches("-?\\d+") ? shown + ".0" : shown;
  }

  private String grouped(String digits) {
    if (grouping == ' ') {
      return digits;
    }
    Matcher whole = Pattern.compile("^(-?)(\\d+)").matcher(digits);
    if (!whole.find()) {
      return digits;
    }
    StringBuilder result = new StringBuilder(whole.group(2));
    for (int at = result.length() - 3; at > 0; at -= 3) {
      result.insert(at, grouping);
    }
    return whole.group(1) + result + digits.substring(whole.end());
  }

  static String fixed(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Printer.number(value);
    }
    String shown = new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    return isNegativeZero(value, shown) ? "-" + shown : shown;
  }

  private static boolean isNegativeZero(double value, String shown) {
    return (value < 0 || 1 / value < 0) && !shown.startsWith("-");
  }

  static String exponential(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Printer.number(value);
    }
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    int exponent = value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String mantissa =
        rounded.movePointLeft(exponent).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    return (isNegativeZero(value, mantissa) ? "-" : "")
        + mantissa
        + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  static String general(double value, int asked, boolean keepsZeros) {
    if (!Double.isFinite(value)) {
      return Printer.number(value);
    }
    int digits = Math.max(1, asked);
    String scientific = exponential(value, digits - 1);
    int exponent = Integer.parseInt(scientific.substring(scientific.indexOf('e') + 1));
    boolean plain = exponent >= -4 && exponent < digits;
    String shown = plain ? fixed(value, digits - 1 - exponent) : scientific;
    if (keepsZeros || shown.indexOf('.') < 0) {
      return shown;
    }
    int end = shown.indexOf('e') < 0 ? shown.length() : shown.indexOf('e');
    String mantissa = Strings.stripEnd(shown.substring(0, end), c -> c == '0');
    return Strings.stripEnd(mantissa, c -> c == '.') + shown.substring(end);
  }
}
