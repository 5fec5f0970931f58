package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks up `a.b.0` in values, as the `attribute` argument of several filters asks for.
///
/// @param parts names and indexes, outermost first
/// @param byDefault what to use where something is missing
/// @param ignoresCase whether text is brought to lower case
record AttributePath(List<Object> parts, Optional<Object> byDefault, boolean ignoresCase) {

  /// Far more than any path a template needs.
  private static final int MAX_LENGTH = 1000;

  static AttributePath of(Object path, Optional<Object> byDefault, boolean ignoresCase) {
    List<Object> parts = new ArrayList<>();
    if (Values.isText(path)) {
      requireShort(path);
      for (String part : Values.text(path).split("\\.", -1)) {
        boolean index =
            !part.isEmpty() && part.length() < 18 && part.chars().allMatch(Character::isDigit);
        parts.add(index ? (Object) Long.parseLong(part) : part);
      }
    } else if (path != None.NONE) {
      parts.add(path);
    }
    return new AttributePath(parts, byDefault, ignoresCase);
  }

  /// Several paths with commas between.
  static List<AttributePath> several(Object paths, boolean ignoresCase) {
    List<AttributePath> result = new ArrayList<>();
    if (Values.isText(paths)) {
      requireShort(paths);
      for (String path : Values.text(paths).split(",", -1)) {
        result.add(of(path, Optional.empty(), ignoresCase));
      }
    } else {
      result.add(of(paths, Optional.empty(), ignoresCase));
    }
    return result;
  }

  private static void requireShort(Object path) {
    if (Values.extent(path) > MAX_LENGTH) {
      throw new TemplateException(
          "FilterArgumentError: attribute has more than " + MAX_LENGTH + " characters");
    }
  }

  Object in(Rendering rendering, Object item) {
    rendering.steps(parts.size());
    Object value = item;
    for (Object part : parts) {
      value = new Subscripts(rendering).item(value, part);
      if (value instanceof Undefined && byDefault.isPresent()) {
        value = byDefault.get();
      }
    }
    return ignoresCase ? lower(rendering, value) : value;
  }

  static Object lower(Rendering rendering, Object value) {
    rendering.allocate(Values.isText(value) ? Values.extent(value) : 0);
    return Values.isText(value) ? Strings.lower(Values.text(value)) : value;
  }
}
