package dev.demur.model.text.regex;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where the machine is: instructions that wait for a character, the preferred first.
final class Threads {

  private final int[] marks;
  final int[] stack;
  int[] now;
  private int[] then;
  int[] starts;
  private int[] nextStarts;
  int count;
  private int round;
  private @Nullable Threads inner;

  Threads(int size) {
    marks = new int[size];
    // Each instruction is visited once and leaves at most two more.
    stack = new int[2 * size + 2];
    now = new int[size];
    then = new int[size];
    starts = new int[size];
    nextStarts = new int[size];
  }

  Threads inner() {
    if (inner == null) {
      inner = new Threads(marks.length);
    }
    return inner;
  }

  void clear() {
    count = 0;
    newRound();
  }

  /// Makes room for the threads after the next character.
  void turn() {
    int[] old = now;
    now = then;
    then = old;
    int[] oldStarts = starts;
    starts = nextStarts;
    nextStarts = oldStarts;
    count = 0;
    newRound();
  }

  private void newRound() {
    if (++round < 0) {
      Arrays.fill(marks, 0);
      round = 1;
    }
  }

  boolean mark(int pc) {
    if (marks[pc] == round) {
      return false;
    }
    marks[pc] = round;
    return true;
  }

  void add(int pc, int start) {
    now[count] = pc;
    starts[count++] = start;
  }
}
