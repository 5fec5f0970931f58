package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The values a function is called with.
///
/// @param positional those without a name
/// @param named those with one, in the order written
record Arguments(List<Object> positional, SequencedMap<String, Object> named) {

  static final Arguments NONE = new Arguments(List.of(), new LinkedHashMap<>());

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), new LinkedHashMap<>());
  }

  /// Assigns the values to parameters of the given names, as Python does.
  ///
  /// @throws TemplateException if there are too many values or one has an unknown name
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw TemplateException.wrongType(
          String.format(
              Locale.ROOT,
              "%s() takes at most %d arguments (%d given)",
              function,
              parameters.length,
              positional.size()));
    }
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      values.put(parameters[i], positional.get(i));
    }
    List<String> known = List.of(parameters);
    named.forEach(
        (name, value) -> {
          if (!known.contains(name)) {
            throw TemplateException.wrongType(
                "%s() got an unexpected keyword argument '%s'".formatted(function, name));
          }
          if (values.putIfAbsent(name, value) != null) {
            throw TemplateException.wrongType(
                "%s() got multiple values for argument '%s'".formatted(function, name));
          }
        });
    return new Bound(function, values);
  }

  /// The only value.
  Object single(String function) {
    Bound bound = bind(function, "value");
    return bound.required("value");
  }

  /// Pays for looking at each value once.
  void payFor(Rendering rendering) {
    positional.forEach(rendering::read);
    named.values().forEach(rendering::read);
  }

  /// These arguments without the first positional one.
  Arguments withoutFirst() {
    return new Arguments(positional.subList(1, positional.size()), named);
  }

  /// These arguments with one more keyword.
  Arguments with(String name, Object value) {
    SequencedMap<String, Object> more = new LinkedHashMap<>(named);
    more.put(name, value);
    return new Arguments(new ArrayList<>(positional), more);
  }

  /// Values by parameter name.
  record Bound(String function, Map<String, Object> values) {

    Optional<Object> get(String name) {
      return Optional.ofNullable(values.get(name));
    }

    Object get(String name, Object byDefault) {
      return values.getOrDefault(name, byDefault);
    }

    Object required(String name) {
      return get(name)
          .orElseThrow(
              () ->
                  TemplateException.wrongType(
                      "%s() missing 1 required positional argument: '%s'"
                          .formatted(function, name)));
    }

    boolean flag(String name) {
      return Values.truth(get(name, false));
    }

    long integer(String name, long byDefault) {
      return Numbers.index(get(name, byDefault));
    }

    /// A text, where `None` counts as absent.
    Optional<String> text(String name) {
      return get(name).filter(value -> value != None.NONE).map(Values::text);
    }
  }
}
