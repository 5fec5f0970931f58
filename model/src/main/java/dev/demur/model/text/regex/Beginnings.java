package dev.demur.model.text.regex;

/// Finds the characters a match can begin with.
final class Beginnings {

  private Beginnings() {}

  static CodePoints of(Program program) {
    boolean[] seen = new boolean[program.size()];
    int[] stack = new int[2 * program.size() + 2];
    int top = 0;
    CodePoints set = CodePoints.NONE;
    stack[top++] = 0;
    while (top > 0) {
      int at = stack[--top];
      if (seen[at]) {
        continue;
      }
      seen[at] = true;
      switch (program.op(at)) {
        case ONE -> set = set.union(program.set(at));
        case MATCH -> {
          return CodePoints.NONE.complement();
        }
        case JUMP -> stack[top++] = program.first(at);
        case SPLIT -> {
          stack[top++] = program.second(at);
          stack[top++] = program.first(at);
        }
        // What a condition asks of the next character narrows the set; it may be left out.
        case AHEAD, BEHIND, PLACE -> stack[top++] = at + 1;
      }
    }
    return set;
  }
}
