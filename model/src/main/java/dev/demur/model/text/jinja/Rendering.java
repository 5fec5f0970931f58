package dev.demur.model.text.jinja;

import java.time.Clock;

/// What one rendering may still spend, and its clock. Changed by every operation of the template.
///
/// Steps bound time, allocation bounds memory: a template cannot run for long, and cannot double a
/// string until nothing is left. Both grow with the size of the data it is given.
final class Rendering {

  /// Longest text a template may build, in characters.
  static final int MAX_TEXT = 1 << 24;

  private static final long STEPS = 1_000_000;
  private static final long ALLOCATION = 1L << 25;

  /// Rough size of a reference in a list, in characters.
  private static final int ITEM = 8;

  /// Deepest nesting of calls and expressions at run time; each level takes a few Java frames.
  private static final int MAX_DEPTH = 400;

  private final Clock clock;
  private long steps;
  private long allocation;
  private int depth;

  /// @param dataSize characters in the data given to the template
  Rendering(Clock clock, long dataSize) {
    this.clock = clock;
    this.steps = STEPS + 4 * dataSize;
    this.allocation = ALLOCATION + 64 * dataSize;
  }

  /// What printing a short value for a message may spend.
  static Rendering ofAMessage() {
    return new Rendering(Clock.systemUTC(), 0);
  }

  Clock clock() {
    return clock;
  }

  void step() {
    steps(1);
  }

  void steps(long count) {
    steps -= count;
    if (steps < 0) {
      throw new TemplateException("template takes too many steps, it probably never ends");
    }
  }

  /// Pays for looking at so many characters or items.
  ///
  /// An operation without a price of its own looks at each once or twice, at some nanoseconds each;
  /// sixteen of them take about as long as any other step.
  void read(long count) {
    steps(count >> 4);
  }

  /// Pays for looking at a whole value, not at the values in it.
  void read(Object value) {
    read(Values.extent(value));
  }

  /// Pays for a text before it is built.
  void allocate(long characters) {
    allocation -= characters;
    if (characters > MAX_TEXT || allocation < 0) {
      throw tooMuch();
    }
  }

  /// Pays for a list before it is built.
  void allocateItems(long count) {
    allocate(Math.min(count, MAX_TEXT) * ITEM);
  }

  /// Pays for looking for one text in another.
  void search(String text, String wanted) {
    steps((text.length() + (long) text.length() * wanted.length() / 16) >> 6);
  }

  void enter() {
    step();
    if (++depth > MAX_DEPTH) {
      throw tooDeep();
    }
  }

  static TemplateException tooDeep() {
    return new TemplateException(
        "RecursionError: template calls or expressions are nested more than "
            + MAX_DEPTH
            + " levels deep, or deeper than this thread's stack");
  }

  void leave() {
    depth--;
  }

  static TemplateException tooMuch() {
    return new TemplateException("template builds too much text");
  }
}
