package dev.demur.model.arch.family;

import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.ConfigClasses;
import dev.demur.model.format.UnsupportedModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Typed access to a `config.json` whose mistakes become one clear line.
///
/// @param model name of the model, for messages
/// @param json the configuration, as transformers 4 spells it
record ConfigReader(String model, JsonNode json) {

  /// What an absent flag means.
  enum Default {
    ON,
    OFF
  }

  /// The same configuration with what it leaves unsaid.
  ConfigReader completed() {
    return json instanceof ObjectNode object
        ? new ConfigReader(model, ConfigClasses.complete(object))
        : this;
  }

  /// Refuses a value that would change the computation in a way this version does not know.
  ///
  /// @param known values it runs; numbers are compared as numbers
  void only(String key, Object... known) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      return;
    }
    var value = json.get(key);
    boolean accepted =
        Arrays.stream(known)
            .anyMatch(
                k ->
                    switch (k) {
                      case Boolean flag -> value.isBoolean() && value.booleanValue() == flag;
                      case Number number ->
                          value.isNumber() && value.doubleValue() == number.doubleValue();
                      default -> value.isString() && value.stringValue().equals(k);
                    });
    if (!accepted) {
      String expected =
          known.length == 0
              ? "it to be absent"
              : Arrays.stream(known).map(String::valueOf).collect(Collectors.joining(" or "));
      throw wrong(key, "is " + value, expected + "; this version runs nothing else");
    }
  }

  /// A whole number that must be there and be positive.
  int require(String key) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      throw wrong(key, "is missing", "a positive whole number");
    }
    return positive(key);
  }

  /// A finite number that must be there.
  double requireNumber(String key) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      throw wrong(key, "is missing", "a finite number");
    }
    return orElse(key, 0.0);
  }

  /// A finite number above 0 that must be there.
  double requirePositive(String key) throws UnsupportedModelException {
    double value = requireNumber(key);
    if (!(value > 0)) {
      throw wrong(key, "is " + json.get(key), "a number above 0");
    }
    return value;
  }

  /// A number that must be there and not be negative, as what keeps a norm from dividing by 0.
  double requireEpsilon(String key) throws UnsupportedModelException {
    double value = requireNumber(key);
    if (value < 0) {
      throw wrong(key, "is " + json.get(key), "a number that is not negative");
    }
    return value;
  }

  /// A flag that must be there.
  boolean requireFlag(String key) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      throw wrong(key, "is missing", "true or false");
    }
    return flag(key);
  }

  /// A string that must be there.
  String requireText(String key) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      throw wrong(key, "is missing", "a string");
    }
    return orElse(key, "");
  }

  /// A positive whole number, or `other` when absent or null.
  int orElse(String key, int other) throws UnsupportedModelException {
    return json.hasNonNull(key) ? positive(key) : other;
  }

  /// A whole number that may be 0, or `other` when absent or null.
  int countOrElse(String key, int other) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      return other;
    }
    var value = json.get(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
      throw wrong(key, "is " + value, "a whole number from 0 to 2^31 - 1");
    }
    return value.intValue();
  }

  /// A finite number, or `other` when absent or null.
  double orElse(String key, double other) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      return other;
    }
    var value = json.get(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, "is " + value, "a finite number");
    }
    return value.doubleValue();
  }

  /// A finite number above 0, when there.
  OptionalDouble positiveNumber(String key) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(requirePositive(key));
  }

  /// Finite numbers, empty when absent or null.
  List<Double> numbers(String key) throws UnsupportedModelException {
    var values = new ArrayList<Double>();
    for (var value : json.path(key)) {
      if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
        throw wrong(key, "holds " + value, "finite numbers");
      }
      values.add(value.doubleValue());
    }
    return values;
  }

  /// Strings, empty when absent or null.
  List<String> strings(String key) throws UnsupportedModelException {
    var values = new ArrayList<String>();
    for (var value : json.path(key)) {
      if (!value.isString()) {
        throw wrong(key, "holds " + value, "strings");
      }
      values.add(value.stringValue());
    }
    return values;
  }

  boolean has(String key) {
    return json.hasNonNull(key);
  }

  /// A flag, or false when absent or null.
  boolean flag(String key) throws UnsupportedModelException {
    return flagOrElse(key, Default.OFF);
  }

  /// A flag that means something when it is absent or null.
  boolean flagOrElse(String key, Default absent) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      return absent == Default.ON;
    }
    var value = json.get(key);
    if (!value.isBoolean()) {
      throw wrong(key, "is " + value, "true or false");
    }
    return value.booleanValue();
  }

  /// The biases a flag speaks of; none when it is absent or null.
  Bias bias(String flag) throws UnsupportedModelException {
    return flag(flag) ? Bias.WHERE_STORED : Bias.NONE;
  }

  /// A string, or `other` when absent or null.
  String orElse(String key, String other) throws UnsupportedModelException {
    if (!json.hasNonNull(key)) {
      return other;
    }
    var value = json.get(key);
    if (!value.isString()) {
      throw wrong(key, "is " + value, "a string");
    }
    return value.stringValue();
  }

  /// The object at `key`, empty when absent or null.
  ConfigReader object(String key) {
    return new ConfigReader(model, json.path(key));
  }

  /// A feature of the configuration this build cannot run.
  UnsupportedModelException unsupported(String what) {
    return new UnsupportedModelException(model + ": " + what);
  }

  private int positive(String key) throws UnsupportedModelException {
    var value = json.get(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw wrong(key, "is " + value, "a positive whole number below 2^31");
    }
    return value.intValue();
  }

  private UnsupportedModelException wrong(String key, String found, String expected) {
    return unsupported("config key \"" + key + "\" " + found + ", expected " + expected + ".");
  }
}
