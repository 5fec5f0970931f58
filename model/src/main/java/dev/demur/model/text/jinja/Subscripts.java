package dev.demur.model.text.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `value[index]` and `value[from:to:step]`.
final class Subscripts {

  private final Rendering rendering;

  Subscripts(Rendering rendering) {
    this.rendering = rendering;
  }

  /// The item, else the attribute of that name, else an undefined value.
  Object item(Object object, Object index) {
    if (object instanceof Undefined undefined) {
      throw undefined.failure();
    }
    // A key is hashed; a character is found by counting from one end.
    rendering.read(Values.isText(index) ? Values.extent(index) : distance(object, index) >> 2);
    return itemIfAny(object, index).orElseGet(() -> attribute(object, index));
  }

  private static long distance(Object object, Object index) {
    return Values.isText(object) && Values.isInteger(index)
        ? Math.min(Math.abs(Math.max(Numbers.index(index), -Long.MAX_VALUE)), Values.extent(object))
        : 0;
  }

  private static Object attribute(Object object, Object index) {
    return Values.isText(index)
        ? Attributes.own(object, Values.text(index))
            .orElseGet(() -> Undefined.attribute(object, Values.text(index)))
        : Undefined.attribute(object, index);
  }

  /// The item, if the value has it.
  static Optional<Object> itemIfAny(Object object, Object index) {
    return switch (object) {
      case Dict dict -> isKey(index) ? dict.get(index) : Optional.empty();
      case List<?> list -> at(Values.cast(list), index);
      case Tuple tuple -> at(tuple.items(), index);
      case Range range -> at(range.items(), index);
      case String text -> character(text, index);
      case Markup markup -> character(markup.text(), index);
      default -> Optional.empty();
    };
  }

  private static boolean isKey(Object index) {
    return !(index instanceof List<?> || index instanceof Dict);
  }

  private static Optional<Object> at(List<Object> items, Object index) {
    long position = position(index, items.size());
    return position < 0 ? Optional.empty() : Optional.of(items.get((int) position));
  }

  private static Optional<Object> character(String text, Object index) {
    if (!Values.isInteger(index) || index instanceof BigInteger) {
      return Optional.empty();
    }
    long i = Numbers.index(index);
    // There are at most as many code points as characters.
    if (i >= text.length() || i < -text.length()) {
      return Optional.empty();
    }
    try {
      int at = text.offsetByCodePoints(i < 0 ? text.length() : 0, (int) i);
      return at == text.length()
          ? Optional.empty()
          : Optional.of(Character.toString(text.codePointAt(at)));
    } catch (IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /// The position an index means, or −1.
  private static long position(Object index, int length) {
    if (!Values.isInteger(index) || index instanceof BigInteger) {
      return -1;
    }
    long i = Numbers.index(index);
    long position = i < 0 ? i + length : i;
    return position < length ? position : -1;
  }

  static boolean hasSlices(Object object) {
    return object instanceof String
        || object instanceof Markup
        || object instanceof List<?>
        || object instanceof Tuple
        || object instanceof Range;
  }

  Object slice(Object object, Optional<Object> from, Optional<Object> to, Optional<Object> step) {
    long stride = step.map(Numbers::index).orElse(1L);
    if (stride == 0) {
      throw TemplateException.wrongValue("slice step cannot be zero");
    }
    return switch (object) {
      case String text -> slice(text, from, to, stride);
      case Markup markup -> new Markup(slice(markup.text(), from, to, stride));
      case List<?> list -> slice(Values.cast(list), from, to, stride);
      case Tuple tuple -> Tuple.of(slice(tuple.items(), from, to, stride));
      case Range range -> slice(range, from, to, stride);
      case Undefined undefined -> throw undefined.failure();
      case Dict dict -> throw TemplateException.wrongType("unhashable type: 'slice'");
      default ->
          throw TemplateException.wrongType(
              "'" + Values.typeName(object) + "' object is not subscriptable");
    };
  }

  private String slice(String text, Optional<Object> from, Optional<Object> to, long step) {
    rendering.allocate(text.length());
    int length = Strings.length(text);
    if (step == 1) {
      int start = bound(from, 0, length, false);
      return Strings.slice(text, start, Math.max(start, bound(to, length, length, false)));
    }
    rendering.read(text);
    int[] points = text.codePoints().toArray();
    int size = points.length;
    boolean back = step < 0;
    long start = bound(from, back ? size - 1 : 0, size, back);
    long stop = bound(to, back ? -1 : size, size, back);
    StringBuilder result = new StringBuilder();
    long stride = Math.clamp(step, -size - 1, size + 1);
    for (long i = start; back ? i > stop : i < stop; i += stride) {
      result.appendCodePoint(points[(int) i]);
    }
    return result.toString();
  }

  private List<Object> slice(
      List<Object> items, Optional<Object> from, Optional<Object> to, long step) {
    rendering.allocateItems(items.size());
    int size = items.size();
    boolean back = step < 0;
    long start = bound(from, back ? size - 1 : 0, size, back);
    long stop = bound(to, back ? -1 : size, size, back);
    List<Object> result = new ArrayList<>();
    long stride = Math.clamp(step, -size - 1, size + 1);
    for (long i = start; back ? i > stop : i < stop; i += stride) {
      result.add(items.get((int) i));
    }
    return result;
  }

  private static Range slice(Range range, Optional<Object> from, Optional<Object> to, long step) {
    int size = range.size();
    boolean back = step < 0;
    long start = bound(from, back ? size - 1 : 0, size, back);
    long stop = bound(to, back ? -1 : size, size, back);
    return new Range(
        range.start() + start * range.step(),
        range.start() + stop * range.step(),
        range.step() * Math.clamp(step, -size - 1, size + 1));
  }

  private static int bound(Optional<Object> given, int byDefault, int length, boolean back) {
    if (given.isEmpty()) {
      return byDefault;
    }
    long index = Numbers.index(given.get());
    long position = index < 0 ? Math.max(index, -length - 1L) + length : index;
    return back ? Math.clamp(position, -1, length - 1) : Math.clamp(position, 0, length);
  }
}
