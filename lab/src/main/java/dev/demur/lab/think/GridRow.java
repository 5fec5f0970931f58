package dev.demur.lab.think;

import dev.demur.lab.judge.OutputFault;
import dev.demur.model.text.TokenIds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One prompt in one cell, as kept.
///
/// @param index place of the prompt in its set
/// @param thought tokens of the thought
/// @param closed whether the thought was closed; where it was not there is no answer
/// @param refused by judge
/// @param fault what is wrong with the answer before anyone judges it
/// @param answer tokens of the answer
record GridRow(
    int index,
    List<Integer> thought,
    boolean closed,
    Map<String, Boolean> refused,
    OutputFault fault,
    List<Integer> answer) {

  GridRow {
    thought = List.copyOf(thought);
    refused = new LinkedHashMap<>(refused);
    answer = List.copyOf(answer);
  }

  Thought asThought() {
    return new Thought(
        TokenIds.of(thought), closed ? Thought.State.CLOSED : Thought.State.UNFINISHED);
  }

  boolean isJudgedBy(String judge) {
    return refused.containsKey(judge);
  }

  boolean refusedBy(String judge) {
    return Boolean.TRUE.equals(refused.get(judge));
  }

  boolean isBroken() {
    return closed && fault != OutputFault.NONE;
  }
}
