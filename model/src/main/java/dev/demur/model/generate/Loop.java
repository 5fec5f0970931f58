package dev.demur.model.generate;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The one loop that writes: a batch that sequences join and leave between two tokens. One thread
/// drives it, turn by turn; what comes of the sequences, their listeners hear.
///
/// Sequences being written fill the cache's first slots, so that one token of each is one plain
/// pass. [Unread] says which prompts are read next, and into which slots.
final class Loop {

  /// Prompts of a list are read when this share of the slots is free.
  private static final int REFILL_SHARE = 4;

  private final Pace pace;
  private final KvCache cache;
  private final int slots;
  private final Waiting waiting;
  private final Passes passes;
  private final Choosing choosing;
  private final Beginnings beginnings;
  private final List<Sequence> writing = new ArrayList<>();
  private final Unread unread;
  private final Tally tally;

  /// How large a loop is.
  ///
  /// @param type type keys and values are kept in
  /// @param slots sequences at once
  /// @param beginnings slots for what prompts begin with
  /// @param capacity tokens of a slot
  record Size(DType type, int slots, int beginnings, int capacity) {}

  /// Makes a loop inside the scope that is to own its cache.
  Loop(Transformer transformer, Size size, Pace pace, Waiting waiting, Tally tally) {
    this.pace = pace;
    this.slots = size.slots;
    this.waiting = waiting;
    this.tally = tally;
    this.cache = transformer.cache(size.type, slots + size.beginnings, size.capacity);
    this.passes = new Passes(transformer, cache);
    this.choosing = new Choosing(transformer);
    int kept = pace.sharing() == Pace.Sharing.ALL ? size.beginnings : 0;
    this.beginnings = new Beginnings(transformer, cache, slots, kept);
    this.unread = new Unread(transformer, cache, beginnings, pace, passes.room(), slots - 1, tally);
  }

  /// Reads what prompts to come begin with.
  void begin(TokenIds beginning, HookPlan plan) {
    try (var _ = Scope.open()) {
      passes.begin(slots, beginning, plan);
      beginnings.given(slots, beginning, plan);
    }
  }

  /// Sequences that have a slot.
  int running() {
    return writing.size() + unread.size();
  }

  boolean hasWork() {
    return running() > 0 || waiting.size() > 0;
  }

  /// Reads a piece of what is new and writes one token of every sequence whose prompt is whole.
  void turn() {
    try (var _ = Scope.open()) {
      leave();
      admit();
      switch (pace.admission()) {
        case AT_ONCE -> readAndWrite(unread.next(writing));
        case TOGETHER -> {
          do {
            read(unread.next(writing));
          } while (unread.size() > 0);
          leave();
          write();
        }
      }
      leave();
    }
  }

  /// Reads prompts in the pass that writes, if it can be done in one.
  private void readAndWrite(List<Passes.Stretch> prompts) {
    var both = Stream.concat(written().stream(), prompts.stream()).toList();
    boolean mayRun = !prompts.isEmpty() && !writing.isEmpty() && passes.suitsTogether(both);
    if (mayRun && ran(both)) {
      writing.addAll(unread.whole(prompts, writing.size()));
    } else {
      read(prompts);
      leave();
      write();
    }
  }

  /// Runs prompts and answers in one pass. One that fails may fail through some of them: the others
  /// are to be run without those.
  ///
  /// @return whether it did not fail
  private boolean ran(List<Passes.Stretch> both) {
    try (var _ = Scope.open()) {
      var rows = pass(both);
      takeOrFail(both, rows);
      return true;
    } catch (RuntimeException _) {
      return false;
    }
  }

  /// Ends everything at once.
  void fail(RuntimeException reason) {
    writing.forEach(sequence -> sequence.fail(reason));
    unread.all().forEach(sequence -> sequence.fail(reason));
    leave();
  }

  private void admit() {
    int free = slots - running();
    if (pace.admission() == Pace.Admission.TOGETHER
        && free * REFILL_SHARE < slots
        && running() > 0) {
      return;
    }
    for (int i = 0; i < free; i++) {
      var next = waiting.next();
      if (next.isEmpty()) {
        return;
      }
      unread.add(pace.admission() == Pace.Admission.AT_ONCE ? named(next.get()) : next.get());
    }
  }

  /// Gives a sequence a name that no other has, so that plans may remember things of each.
  private Sequence named(Sequence sequence) {
    var taken = Stream.concat(writing.stream(), unread.all()).map(Sequence::name).toList();
    int free = IntStream.range(0, slots).filter(i -> !taken.contains(i)).findFirst().orElseThrow();
    return sequence.called(free);
  }

  // ---- reading ---------------------------------------------------------------------------------

  /// Reads prompts in one pass.
  private void read(List<Passes.Stretch> prompts) {
    if (!prompts.isEmpty()) {
      run(prompts);
      writing.addAll(unread.whole(prompts, writing.size()));
    }
  }

  /// Runs tokens of prompts or answers.
  private void run(List<Passes.Stretch> stretches) {
    try (var _ = Scope.open()) {
      takeOrFail(stretches, pass(stretches));
    } catch (RuntimeException e) {
      stretches.forEach(stretch -> stretch.sequence().fail(e));
    }
  }

  private Tensor pass(List<Passes.Stretch> stretches) {
    var wanted = echoes(stretches) ? Passes.Wanted.EVERY_ROW : Passes.Wanted.LAST_ROWS;
    return passes.run(stretches, wanted);
  }

  private static boolean echoes(List<Passes.Stretch> stretches) {
    return stretches.stream()
        .anyMatch(stretch -> stretch.isOfPrompt() && stretch.sequence().echoes());
  }

  private void takeOrFail(List<Passes.Stretch> stretches, Tensor rows) {
    try {
      take(stretches, rows);
    } catch (RuntimeException e) {
      stretches.forEach(stretch -> stretch.sequence().fail(e));
    }
  }

  /// Chooses the next token of each sequence whose prompt is whole.
  private void take(List<Passes.Stretch> stretches, Tensor rows) {
    var sequences = stretches.stream().map(Passes.Stretch::sequence).toList();
    var prompts = stretches.stream().filter(Passes.Stretch::isOfPrompt).toList();
    prompts.forEach(prompt -> prompt.sequence().read(prompt.tokens().size()));
    tally.read(prompts.stream().mapToInt(prompt -> prompt.tokens().size()).sum());
    var last = echoes(stretches) ? choosing.echoed(stretches, rows) : rows;
    var whole =
        IntStream.range(0, sequences.size())
            .filter(i -> sequences.get(i).unread() == 0 && !sequences.get(i).isOver())
            .boxed()
            .toList();
    if (whole.size() == sequences.size()) {
      accept(sequences, last);
    } else if (!whole.isEmpty()) {
      accept(
          whole.stream().map(sequences::get).toList(),
          last.rows(Tensor.ofIndices(whole.stream().mapToInt(Integer::intValue))));
    }
  }

  // ---- writing ---------------------------------------------------------------------------------

  /// Writes one token of every sequence.
  private void write() {
    if (!writing.isEmpty()) {
      run(written());
    }
  }

  /// The last token of every sequence.
  private List<Passes.Stretch> written() {
    return IntStream.range(0, writing.size())
        .mapToObj(
            slot -> {
              var sequence = writing.get(slot);
              var token = TokenIds.of(sequence.pending());
              return new Passes.Stretch(sequence, slot, token, sequence.written() - 1);
            })
        .toList();
  }

  private void accept(List<Sequence> sequences, Tensor lastRows) {
    var next = choosing.next(sequences, lastRows);
    for (int i = 0; i < next.size(); i++) {
      sequences.get(i).accept(next.get(i));
    }
    tally.written(next.size());
  }

  // ---- leaving ---------------------------------------------------------------------------------

  /// Takes out what is over; the last sequence being written moves into the gap.
  private void leave() {
    for (int slot = 0; slot < writing.size(); ) {
      var sequence = writing.get(slot);
      if (!sequence.isOver()) {
        slot++;
        continue;
      }
      if (!sequence.hasFailed()) {
        beginnings.keep(slot, sequence);
      }
      close(sequence);
      var last = writing.removeLast();
      if (slot < writing.size()) {
        cache.copy(writing.size(), slot);
        writing.set(slot, last);
      }
    }
    unread.all().filter(Sequence::isOver).forEach(this::close);
    unread.removeOver();
  }

  private void close(Sequence sequence) {
    sequence.close();
    tally.count(sequence);
  }
}
