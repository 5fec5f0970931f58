package dev.demur.model.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/// Python's `str` and `repr`.
final class Printer {

  /// Python refuses to print longer integers.
  private static final int MAX_DIGITS = 4300;

  /// Longest value a message quotes.
  private static final int MAX_QUOTED = 1000;

  private final StringBuilder text = new StringBuilder();

  /// Pays for what is printed.
  private final Rendering rendering;

  private final boolean sorted;

  private Printer(Rendering rendering, boolean sorted) {
    this.rendering = rendering;
    this.sorted = sorted;
  }

  /// `str(value)`
  static String str(Rendering rendering, Object value) {
    return switch (value) {
      case String string -> string;
      case Markup markup -> markup.text();
      case Undefined undefined -> "";
      default -> repr(rendering, value);
    };
  }

  /// `repr(value)`
  static String repr(Rendering rendering, Object value) {
    return repr(value, new Printer(rendering, false));
  }

  /// `repr(value)` with the keys of dictionaries in order.
  static String sortedRepr(Rendering rendering, Object value) {
    return repr(value, new Printer(rendering, true));
  }

  /// What a message says of a key: its `repr` if it is a text or a number, else its type.
  static String named(Object key) {
    if (!Values.isText(key) && !Values.isNumber(key)) {
      return "<" + Values.typeName(key) + ">";
    }
    if (Values.isText(key) && Values.text(key).length() > MAX_QUOTED) {
      return named(Values.text(key).substring(0, MAX_QUOTED) + "…");
    }
    return repr(Rendering.ofAMessage(), key);
  }

  private static String repr(Object value, Printer printer) {
    printer.print(value, 0);
    return printer.text.toString();
  }

  private void print(Object value, int depth) {
    if (depth > Values.MAX_DEPTH) {
      throw new TemplateException("RecursionError: value is nested too deep to print");
    }
    rendering.step();
    requireRoom();
    switch (value) {
      case None none -> text.append("None");
      case Boolean b -> text.append(b ? "True" : "False");
      case Long n -> text.append(n);
      case BigInteger n -> text.append(digits(n));
      case Double d -> text.append(number(d));
      case String string -> quote(string);
      case Markup markup -> {
        text.append("Markup(");
        quote(markup.text());
        text.append(')');
      }
      case Undefined undefined -> text.append("Undefined");
      case List<?> list -> sequence("[", list, "]", depth);
      case Tuple tuple ->
          sequence("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", depth);
      case Dict dict -> dict(dict, depth);
      case DictView view -> {
        text.append(view.typeName());
        sequence("([", view.list(), "])", depth);
      }
      case Range range -> range(range);
      case Namespace namespace -> {
        text.append("<Namespace ");
        print(namespace.attributes(), depth + 1);
        text.append('>');
      }
      case Macro macro -> text.append("<Macro '").append(macro.name()).append("'>");
      case LoopContext loop ->
          text.append(
              String.format(Locale.ROOT, "<LoopContext %d/%d>", loop.index(), loop.length()));
      // What Python prints for the rest holds a memory address.
      default -> text.append('<').append(Values.typeName(value)).append(" object>");
    }
  }

  private void requireRoom() {
    if (text.length() > Rendering.MAX_TEXT) {
      throw Rendering.tooMuch();
    }
  }

  private void range(Range range) {
    text.append("range(").append(range.start()).append(", ").append(range.stop());
    text.append(range.step() == 1 ? ")" : ", " + range.step() + ")");
  }

  private void sequence(String open, List<?> items, String close, int depth) {
    text.append(open);
    Iterator<?> iterator = items.iterator();
    while (iterator.hasNext()) {
      print(iterator.next(), depth + 1);
      text.append(iterator.hasNext() ? ", " : "");
    }
    text.append(close);
  }

  private void dict(Dict dict, int depth) {
    text.append('{');
    String separator = "";
    List<Object> items = dict.items();
    if (sorted) {
      items.sort(Comparator.comparing(item -> str(rendering, ((Tuple) item).items().getFirst())));
    }
    for (Object item : items) {
      Tuple pair = (Tuple) item;
      text.append(separator);
      print(pair.items().get(0), depth + 1);
      text.append(": ");
      print(pair.items().get(1), depth + 1);
      separator = ", ";
    }
    text.append('}');
  }

  private void quote(String string) {
    rendering.read(string.length());
    char quote = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
    text.append(quote);
    string.codePoints().forEach(c -> quoted(c, quote));
    text.append(quote);
  }

  private void quoted(int c, char quote) {
    requireRoom();
    switch (c) {
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case '\\' -> text.append("\\\\");
      default -> {
        if (c == quote) {
          text.append('\\').append(quote);
        } else if (isPrintable(c)) {
          text.appendCodePoint(c);
        } else {
          char kind = c > 0xFFFF ? 'U' : c > 0xFF ? 'u' : 'x';
          text.append('\\').append(kind);
          appendHex(text, c, kind == 'U' ? 8 : kind == 'u' ? 4 : 2);
        }
      }
    }
  }

  /// Writes a number in hexadecimal, with as many digits as asked for.
  static void appendHex(StringBuilder text, int number, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      text.append(Character.forDigit((number >> shift) & 0xF, 16));
    }
  }

  /// Python's `str.isprintable` for one character.
  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  static String digits(BigInteger value) {
    // Half of the bits are never too few digits to be sure of the answer.
    String digits = value.bitLength() > 4 * MAX_DIGITS ? "" : value.toString();
    if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
      throw TemplateException.wrongValue(
          "Exceeds the limit (" + MAX_DIGITS + " digits) for integer string conversion");
    }
    return digits;
  }

  /// Java always gives two digits, which matters for the smallest numbers: 4.9E-324 is 5e-324.
  private static BigDecimal shortest(double value) {
    BigDecimal two = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    BigDecimal one = two.round(new MathContext(1, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    return one.doubleValue() == value ? one : two;
  }

  /// `repr` of a float: the shortest digits that read back as the same number.
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(value);
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = shortest.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return (value < 0 ? "-" : "")
        + mantissa
        + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
