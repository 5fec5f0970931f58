package dev.demur.model.text.jinja;

/// A value that was asked for and is not there. It prints as nothing, is false and empty; all other
/// use fails with `problem`.
record Undefined(String problem) {

  static Undefined variable(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined attribute(Object object, Object name) {
    return name instanceof String text
        ? new Undefined("'" + Values.typeWithPlace(object) + "' has no attribute '" + text + "'")
        : new Undefined(Values.typeWithPlace(object) + " has no element " + Printer.named(name));
  }

  static Undefined unsafe(Object object, String name) {
    return new Undefined(
        "access to attribute '"
            + name
            + "' of '"
            + Values.typeName(object)
            + "' object is unsafe.");
  }

  TemplateException failure() {
    return new TemplateException("UndefinedError: " + problem);
  }

  /// All undefined values are equal, as in jinja2.
  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 1;
  }
}
