package dev.demur.toy.train;

import dev.demur.model.text.Tokenizer;
import dev.demur.toy.grammar.Example;
import dev.demur.toy.grammar.Mix;
import dev.demur.toy.grammar.Seeds;
import dev.demur.toy.grammar.Writing;
import dev.demur.toy.text.ChatMl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Random;
import java.util.random.RandomGenerator;

/// An endless stream of batches of about equally long examples. Changed by [#next].
///
/// Examples are drawn in pools, sorted by length and cut, so that little is filled up; the batches
/// of a pool come in random order.
final class Batches {

  private static final int BATCHES_PER_POOL = 8;

  private final Tokenizer tokenizer;
  private final Mix.Drawer drawer;
  private final Writing writing;
  private final RandomGenerator thoughts;
  private final RandomGenerator order;
  private final int size;
  private final Deque<Batch> pool = new ArrayDeque<>();

  Batches(Phase phase, Tokenizer tokenizer, Seeds seeds) {
    this.tokenizer = tokenizer;
    this.drawer = phase.mix().drawer(seeds.forStage(phase.name() + "/examples"));
    this.writing = phase.mix().writing();
    this.thoughts = seeds.forStage(phase.name() + "/thoughts");
    this.order = seeds.forStage(phase.name() + "/order");
    this.size = phase.batch();
  }

  Batch next() {
    if (pool.isEmpty()) {
      fill();
    }
    return pool.removeFirst();
  }

  /// Leaves batches out, as if they had been trained on.
  void skip(int count) {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void fill() {
    var sequences = new ArrayList<Batch.Sequence>();
    for (Example example : drawer.next(size * BATCHES_PER_POOL)) {
      var turn = writing.turn(example, thoughts);
      sequences.add(
          new Batch.Sequence(
              tokenizer.encode(ChatMl.prompt(example.prompt()) + turn.given()),
              tokenizer.encode(ChatMl.answer(turn.written()))));
    }
    sequences.sort(Comparator.comparingInt(Batch.Sequence::length));
    var batches = new ArrayList<Batch>();
    for (int i = 0; i < BATCHES_PER_POOL; i++) {
      batches.add(new Batch(sequences.subList(i * size, (i + 1) * size)));
    }
    Collections.shuffle(batches, Random.from(order));
    pool.addAll(batches);
  }
}
