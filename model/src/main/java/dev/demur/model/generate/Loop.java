package dev.demur.model.generate;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The one loop that writes: a batch that sequences join and leave between two tokens. One thread
/// drives it, turn by turn; what comes of the sequences, their listeners hear.
///
/// Sequences being written fill the cache's first slots, so that one token of each is one plain
/// pass. Prompts read in one pass go right behind them; one that is read in pieces stays in the
/// last slot until it is whole.
final class Loop {

  /// Prompts of a list are read when this share of the slots is free.
  private static final int REFILL_SHARE = 4;

  private final Transformer transformer;
  private final Pace pace;
  private final KvCache cache;
  private final int slots;
  private final Waiting waiting;
  private final Passes passes;
  private final Choosing choosing;
  private final Beginnings beginnings;
  private final List<Sequence> writing = new ArrayList<>();
  private final List<Sequence> unread = new ArrayList<>();
  private Optional<Sequence> inPieces = Optional.empty();
  private boolean piecesNext;
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
    this.transformer = transformer;
    this.pace = pace;
    this.slots = size.slots;
    this.waiting = waiting;
    this.tally = tally;
    this.cache = transformer.cache(size.type, slots + size.beginnings, size.capacity);
    this.passes = new Passes(transformer, cache);
    this.choosing = new Choosing(transformer);
    this.beginnings =
        new Beginnings(
            transformer, cache, slots, pace.sharing() == Pace.Sharing.ALL ? size.beginnings : 0);
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
    return writing.size() + unread.size() + (inPieces.isPresent() ? 1 : 0);
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
      } while (pace.admission() == Pace.Admission.TOGETHER && hasUnread());
      leave();
      write();
      leave();
    }
  }

  /// Ends everything at once.
  void fail(RuntimeException reason) {
    writing.forEach(sequence -> sequence.fail(reason));
    unread.forEach(sequence -> sequence.fail(reason));
    inPieces.ifPresent(sequence -> sequence.fail(reason));
    leave();
  }

  private boolean hasUnread() {
    return !unread.isEmpty() || inPieces.isPresent();
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
      unread.add(next.get());
    }
  }

  // ---- reading ---------------------------------------------------------------------------------

  /// Reads prompts in one pass, as many as make a good one.
  private void read() {
    if (inPieces.isPresent() && (piecesNext || unread.isEmpty())) {
      readPiece();
      piecesNext = false;
      return;
    }
    piecesNext = true;
    int room = room();
    var whole = new ArrayList<Passes.Stretch>();
    while (!unread.isEmpty() && room > 0) {
      var next = unread.getFirst();
      int slot = writing.size() + whole.size();
      var source = sourceOf(next);
      int own = next.unread() - source.map(Beginnings.Source::length).orElse(0);
      if (own > room && !whole.isEmpty()) {
        break;
      }
      if (own > room && isDivisible(next)) {
        if (inPieces.isEmpty()) {
          unread.removeFirst();
          take(source, next, slots - 1);
          inPieces = Optional.of(next);
        }
        readPiece();
        return;
      }
      unread.removeFirst();
      take(source, next, slot);
      whole.add(stretch(next, slot, next.unread()));
      room -= own;
    }
    if (!whole.isEmpty()) {
      run(whole);
      whole.forEach(stretch -> writing.add(stretch.sequence()));
    }
  }

  /// Tokens of prompts to read in a pass: as many as are fast, unless somebody waits to write.
  private int room() {
    int fast = transformer.policy().batchTokens();
    return writing.isEmpty() ? fast : Math.min(fast, pace.pieceTokens());
  }

  private Optional<Beginnings.Source> sourceOf(Sequence next) {
    return beginnings.of(next, pace.sharing() == Pace.Sharing.ALL ? writing : List.of());
  }

  private void take(Optional<Beginnings.Source> source, Sequence sequence, int slot) {
    int length = source.map(Beginnings.Source::length).orElse(0);
    if (source.isPresent()) {
      cache.copy(source.get().slot(), slot, length);
      beginnings.touch(source.get());
    } else {
      cache.truncate(slot, 0);
    }
    sequence.read(length);
    tally.shared(length);
  }

  /// Whether a prompt may be read in pieces without another result.
  private boolean isDivisible(Sequence sequence) {
    return pace.pieceTokens() < Integer.MAX_VALUE
        && sequence.plan().points().stream().noneMatch(at -> at.site() == Site.PATTERN_LAST)
        && transformer.prefixStandsAlone(1, sequence.prompt().size());
  }

  private void readPiece() {
    var sequence = inPieces.orElseThrow();
    run(List.of(stretch(sequence, slots - 1, Math.min(room(), sequence.unread()))));
    if (sequence.unread() == 0) {
      cache.copy(slots - 1, writing.size());
      writing.add(sequence);
      inPieces = Optional.empty();
    }
  }

  private static Passes.Stretch stretch(Sequence sequence, int slot, int count) {
    int read = sequence.read();
    var prompt = sequence.prompt();
    return new Passes.Stretch(
        sequence, slot, prompt.slice(read, read + count), read - prompt.size());
  }

  /// Runs tokens of prompts, and chooses the first token of each that is whole then.
  private void run(List<Passes.Stretch> stretches) {
    var sequences = stretches.stream().map(Passes.Stretch::sequence).toList();
    boolean echoes = sequences.stream().anyMatch(Sequence::echoes);
    try (var _ = Scope.open()) {
      var rows = passes.run(stretches, echoes ? Passes.Wanted.EVERY_ROW : Passes.Wanted.LAST_ROWS);
      stretches.forEach(stretch -> stretch.sequence().read(stretch.tokens().size()));
      tally.read(stretches.stream().mapToInt(stretch -> stretch.tokens().size()).sum());
      var last = echoes ? echoed(stretches, rows) : rows;
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

  /// Shows the likelihoods of prompts.
  ///
  /// @param rows of every token
  /// @return rows of last tokens
  private Tensor echoed(List<Passes.Stretch> stretches, Tensor rows) {
    var ends = new ArrayList<Integer>();
    int start = 0;
    for (var stretch : stretches) {
      var sequence = stretch.sequence();
      int count = stretch.tokens().size();
      if (sequence.echoes()) {
        int end = sequence.read();
        int next = Math.min(end + 1, sequence.prompt().size());
        var following = sequence.prompt().slice(end - count + 1, next).toList();
        var own = rows.narrow(0, start, count);
        try {
          int likeliest = sequence.request().likeliest().orElse(0);
          sequence.echo(choosing.likelihoods(own, following, likeliest));
        } catch (NumericException e) {
          sequence.fail(e);
        }
      }
      start += count;
      ends.add(start - 1);
    }
    return rows.rows(Tensor.ofIndices(ends.stream().mapToInt(Integer::intValue)));
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
    unread.stream().filter(Sequence::isOver).forEach(this::close);
    unread.removeIf(Sequence::isOver);
    if (inPieces.isPresent() && inPieces.get().isOver()) {
      close(inPieces.get());
      inPieces = Optional.empty();
    }
  }

  private void close(Sequence sequence) {
    sequence.close();
    tally.count(sequence);
  }
}
