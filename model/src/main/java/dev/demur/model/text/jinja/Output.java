package dev.demur.model.text.jinja;

/// What a body has written so far.
final class Output {

  private final Rendering rendering;
  private final StringBuilder text = new StringBuilder();

  Output(Rendering rendering) {
    this.rendering = rendering;
  }

  void write(String part) {
    rendering.allocate(part.length());
    if (text.length() + (long) part.length() > Rendering.MAX_TEXT) {
      throw Rendering.tooMuch();
    }
    text.append(part);
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  String text() {
    rendering.allocate(text.length());
    return text.toString();
  }
}
