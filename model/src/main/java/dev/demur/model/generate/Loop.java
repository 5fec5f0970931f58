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
    this.unread = new Unread(transformer, cache, beginnings, pace, slots - 1, tally);
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
      do {
        read();
      } while (pace.admission() == Pace.Admission.TOGETHER && unread.size() > 0);
      leave();
      write();
      leave();
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
  private void read() {
    var stretches = unread.next(writing);
    if (!stretches.isEmpty()) {
      run(stretches);
      writing.addAll(unread.whole(stretches, writing.size()));
    }
  }

  /// Runs tokens of prompts, and chooses the first token of each that is whole then.
  private void run(List<Passes.Stretch> stretches) {
    var sequences = stretches.stream().map(Passes.Stretch::sequence).toList();
    boolean echoes = sequences.stream().anyMatch(Sequence::echoes);
    try (var _ = Scope.open()) {
      var rows = passes.run(stretches, echoes ? Passes.Wanted.EVERY_ROW : Passes.Wanted.LAST_ROWS);
      stretches.forEach(stretch -> stretch.sequence().read(stretch.tokens().size()));
      tally.read(stretches.stream().mapToInt(stretch -> stretch.tokens().size()).sum());
      var last = echoes ? choosing.echoed(stretches, rows) : rows;
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
    } catch (RuntimeException e) {
      sequences.forEach(sequence -> sequence.fail(e));
    }
  }

  // ---- writing ---------------------------------------------------------------------------------

  /// Writes one token of every sequence.
  private void write() {
    if (writing.isEmpty()) {
      return;
    }
    var stretches =
        IntStream.range(0, writing.size())
            .mapToObj(
                slot -> {
                  var sequence = writing.get(slot);
                  var token = TokenIds.of(sequence.pending());
                  return new Passes.Stretch(sequence, slot, token, sequence.written() - 1);
                })
            .toList();
    try (var _ = Scope.open()) {
      accept(List.copyOf(writing), passes.run(stretches, Passes.Wanted.LAST_ROWS));
    } catch (RuntimeException e) {
      writing.forEach(sequence -> sequence.fail(e));
    }
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
