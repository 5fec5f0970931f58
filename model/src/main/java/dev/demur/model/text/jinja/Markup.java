package dev.demur.model.text.jinja;

/// A string that claims to be safe HTML (`safe`, `escape`). What is joined to it with `+` is
/// escaped.
record Markup(String text) {

  static Markup escaped(Rendering rendering, Object value) {
    if (value instanceof Markup markup) {
      return markup;
    }
    String text = Printer.str(rendering, value);
    rendering.read(text);
    rendering.allocate(
        text.length() + 4 * text.chars().filter(c -> "&<>'\"".indexOf(c) >= 0).count());
    return new Markup(
        text.replace("&", "&amp;")
            .replace(">", "&gt;")
            .replace("<", "&lt;")
            .replace("'", "&#39;")
            .replace("\"", "&#34;"));
  }
}
