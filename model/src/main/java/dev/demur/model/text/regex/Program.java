package dev.demur.model.text.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A pattern as instructions for [Matcher].
///
/// Source: Thompson's construction, with the order of preference of R. Cox, "Regular Expression
/// Matching: the Virtual Machine Approach" (2009).
final class Program {

  /// What an instruction does; the operands are in [#first], [#second] and [#sets].
  enum Op {
    /// A character of the set, then the next instruction.
    ONE,
    /// On with the first operand, else with the second.
    SPLIT,
    /// On with the first operand.
    JUMP,
    /// On if the instructions from the first operand on match from here; the second is 1 for not.
    AHEAD,
    /// On if the character before is of the set; the second operand is 1 for not.
    BEHIND,
    /// On if the place is the one of that number.
    PLACE,
    MATCH
  }

  /// Published patterns take up to 400 instructions.
  private static final int MAX_SIZE = 10_000;

  private final List<Op> ops = new ArrayList<>();
  private final List<CodePoints> sets = new ArrayList<>();
  private final List<Node.Place> places = new ArrayList<>();
  private int[] first = new int[64];
  private int[] second = new int[64];

  static Program of(Node node) {
    Program program = new Program();
    program.compile(node);
    program.emit(Op.MATCH, CodePoints.NONE, 0, 0);
    return program;
  }

  int size() {
    return ops.size();
  }

  Op op(int at) {
    return ops.get(at);
  }

  CodePoints set(int at) {
    return sets.get(at);
  }

  int first(int at) {
    return first[at];
  }

  /// The place a step asks for.
  Node.Place place(int at) {
    return places.get(first[at]);
  }

  int second(int at) {
    return second[at];
  }

  private int emit(Op op, CodePoints set, int one, int two) {
    int at = ops.size();
    if (at >= MAX_SIZE) {
      throw new RegexException("takes more than " + MAX_SIZE + " steps of matching");
    }
    if (at == first.length) {
      first = Arrays.copyOf(first, 2 * at);
      second = Arrays.copyOf(second, 2 * at);
    }
    ops.add(op);
    sets.add(set);
    first[at] = one;
    second[at] = two;
    return at;
  }

  private void compile(Node node) {
    switch (node) {
      case Node.One(var set) -> emit(Op.ONE, set, 0, 0);
      case Node.All(var parts) -> parts.forEach(this::compile);
      case Node.Either(var choices) -> either(choices);
      case Node.Repeat repeat -> repeat(repeat);
      case Node.Ahead(var part, var negative) -> {
        int ahead = emit(Op.AHEAD, CodePoints.NONE, 0, negative ? 1 : 0);
        int over = emit(Op.JUMP, CodePoints.NONE, 0, 0);
        first[ahead] = size();
        compile(part);
        emit(Op.MATCH, CodePoints.NONE, 0, 0);
        first[over] = size();
      }
      case Node.Behind(var set, var negative) -> emit(Op.BEHIND, set, 0, negative ? 1 : 0);
      case Node.At(var place) -> {
        emit(Op.PLACE, CodePoints.NONE, places.size(), 0);
        places.add(place);
      }
    }
  }

  private void either(List<Node> choices) {
    List<Integer> ends = new ArrayList<>();
    for (Node choice : choices.subList(0, choices.size() - 1)) {
      int split = emit(Op.SPLIT, CodePoints.NONE, size() + 1, 0);
      compile(choice);
      ends.add(emit(Op.JUMP, CodePoints.NONE, 0, 0));
      second[split] = size();
    }
    compile(choices.getLast());
    ends.forEach(end -> first[end] = size());
  }

  private void repeat(Node.Repeat repeat) {
    for (int i = 0; i < repeat.least(); i++) {
      compile(repeat.part());
    }
    if (repeat.most() < 0) {
      int split = split();
      compile(repeat.part());
      emit(Op.JUMP, CodePoints.NONE, split, 0);
      aim(split, repeat.lazy());
      return;
    }
    List<Integer> splits = new ArrayList<>();
    for (int i = repeat.least(); i < repeat.most(); i++) {
      splits.add(split());
      compile(repeat.part());
    }
    splits.forEach(split -> aim(split, repeat.lazy()));
  }

  private int split() {
    return emit(Op.SPLIT, CodePoints.NONE, 0, 0);
  }

  /// Lets a split go on or leave, whichever comes first.
  private void aim(int split, boolean leavesFirst) {
    first[split] = leavesFirst ? size() : split + 1;
    second[split] = leavesFirst ? split + 1 : size();
  }
}
