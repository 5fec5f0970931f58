package dev.demur.model.text.regex;

/// Finds one match after another. Changed by [#find]; not for several threads.
///
/// All ways to match are followed side by side, the preferred first, so that each character costs
/// at most a walk through the program. Nothing here calls itself but a look ahead in a look ahead,
/// as deep as the pattern nests them.
public final class Matcher {

  private final Program program;
  private final CodePoints beginnings;
  private final int[] text;
  private final int from;
  private final int to;
  private final Work work;
  private final Threads threads;

  private int next;
  private int lastEnd = -1;
  private int start;
  private int end;

  Matcher(Regex regex, int[] text, int from, int to, Work work) {
    this.program = regex.program();
    this.beginnings = regex.beginnings();
    this.text = text;
    this.from = from;
    this.to = to;
    this.work = work;
    this.next = from;
    this.threads = work.threads(regex);
  }

  /// Goes to the next match.
  ///
  /// An empty match directly behind the last one is none, as in the `onig` crate.
  ///
  /// @throws TooMuchWorkException if the budget is used up
  public boolean find() {
    while (next <= to && search()) {
      if (start == end && end == lastEnd) {
        next++;
      } else {
        next = end;
        lastEnd = end;
        return true;
      }
    }
    next = to + 1;
    return false;
  }

  /// Index of the first character of the match.
  public int start() {
    return start;
  }

  /// Index behind the last character of the match.
  public int end() {
    return end;
  }

  private boolean search() {
    threads.clear();
    boolean found = false;
    for (int at = next; ; at++) {
      if (!found && canBegin(at)) {
        add(threads, 0, at, at);
      }
      if (threads.count == 0) {
        if (found || at >= to) {
          return found;
        }
        // The machine rests until a match can begin.
        threads.clear();
        work.spend(1);
        continue;
      }
      work.spend(1 + threads.count);
      found |= step(at);
    }
  }

  private boolean canBegin(int at) {
    return at < to ? beginnings.contains(text[at]) : beginnings.size() > 0 && at == to;
  }

  /// Lets each thread read a character.
  ///
  /// @return whether one matched; those behind it are then gone
  private boolean step(int at) {
    int[] now = threads.now;
    int[] starts = threads.starts;
    int count = threads.count;
    boolean matched = false;
    threads.turn();
    for (int i = 0; i < count && !matched; i++) {
      int pc = now[i];
      if (program.op(pc) == Program.Op.MATCH) {
        start = starts[i];
        end = at;
        matched = true;
      } else if (at < to && program.set(pc).contains(text[at])) {
        add(threads, pc + 1, at + 1, starts[i]);
      }
    }
    return matched;
  }

  /// Adds what can be done at `at` without reading, in order of preference.
  private void add(Threads threads, int pc, int at, int start) {
    int[] stack = threads.stack;
    int top = 0;
    stack[top++] = pc;
    int visited = 0;
    while (top > 0) {
      int here = stack[--top];
      if (!threads.mark(here)) {
        continue;
      }
      visited++;
      switch (program.op(here)) {
        case ONE, MATCH -> threads.add(here, start);
        case JUMP -> stack[top++] = program.first(here);
        case SPLIT -> {
          stack[top++] = program.second(here);
          stack[top++] = program.first(here);
        }
        case AHEAD -> {
          if (matchesAhead(threads, program.first(here), at) == (program.second(here) == 0)) {
            stack[top++] = here + 1;
          }
        }
        case BEHIND -> {
          boolean in = at > from && program.set(here).contains(text[at - 1]);
          if (in == (program.second(here) == 0)) {
            stack[top++] = here + 1;
          }
        }
        case PLACE -> {
          if (isPlace(program.place(here), at)) {
            stack[top++] = here + 1;
          }
        }
      }
    }
    work.spend(visited);
  }

  private boolean matchesAhead(Threads outer, int pc, int at) {
    if (program.op(pc) == Program.Op.ONE && program.op(pc + 1) == Program.Op.MATCH) {
      return at < to && program.set(pc).contains(text[at]);
    }
    Threads inner = outer.inner();
    inner.clear();
    add(inner, pc, at, at);
    for (int i = at; inner.count > 0; i++) {
      work.spend(1 + inner.count);
      int[] now = inner.now;
      int count = inner.count;
      inner.turn();
      for (int t = 0; t < count; t++) {
        if (program.op(now[t]) == Program.Op.MATCH) {
          return true;
        }
        if (i < to && program.set(now[t]).contains(text[i])) {
          add(inner, now[t] + 1, i + 1, at);
        }
      }
    }
    return false;
  }

  private boolean isPlace(Node.Place place, int at) {
    return switch (place) {
      case TEXT_START -> at == from;
      case TEXT_END -> at == to;
      case LAST_LINE_END -> at == to || (at == to - 1 && text[at] == '\n');
      case LINE_START -> at == from || (text[at - 1] == '\n' && at < to);
      case LINE_END -> at == to || text[at] == '\n';
      case WORD_EDGE -> isWordEdge(at);
      case NO_WORD_EDGE -> !isWordEdge(at);
    };
  }

  private boolean isWordEdge(int at) {
    CodePoints word = Properties.WORD;
    boolean before = at > from && word.contains(text[at - 1]);
    return before != (at < to && word.contains(text[at]));
  }
}
