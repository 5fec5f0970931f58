package dev.demur.model.generate;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Prompts of a batch that are not read yet, and what of them the next pass reads. Those read in
/// one pass go right behind the sequences being written; one that is read in pieces stays in the
/// last slot until it is whole, and shorter ones overtake it every other time.
final class Unread {

  /// Waiting for a neighbour to be read first must save this many tokens.
  private static final int WORTH_WAITING = 16;

  /// Pieces read at once while nobody writes.
  private static final int ALONE = 4;

  private final Transformer transformer;
  private final KvCache cache;
  private final Beginnings beginnings;
  private final Pace pace;
  private final Room best;
  private final int lastSlot;
  private final Tally tally;
  private final List<Sequence> queue = new ArrayList<>();
  private Optional<Sequence> inPieces = Optional.empty();
  private boolean pieceIsNext;

  /// How many tokens a pass has at best.
  ///
  /// @param whole of prompts that are read whole, and of answers written beside them
  /// @param pieces of one prompt that is read in pieces
  record Room(int whole, int pieces) {}

  /// @param lastSlot of those for sequences
  Unread(
      Transformer transformer,
      KvCache cache,
      Beginnings beginnings,
      Pace pace,
      Room best,
      int lastSlot,
      Tally tally) {
    this.transformer = transformer;
    this.cache = cache;
    this.beginnings = beginnings;
    this.pace = pace;
    this.best = best;
    this.lastSlot = lastSlot;
    this.tally = tally;
  }

  void add(Sequence sequence) {
    queue.add(sequence);
  }

  Stream<Sequence> all() {
    return Stream.concat(queue.stream(), inPieces.stream());
  }

  int size() {
    return queue.size() + (inPieces.isPresent() ? 1 : 0);
  }

  /// Forgets those that are over.
  void removeOver() {
    queue.removeIf(Sequence::isOver);
    inPieces = inPieces.filter(sequence -> !sequence.isOver());
  }

  /// What the next pass reads: as many prompts as make a good one.
  ///
  /// @param writing sequences in the first slots
  List<Passes.Stretch> next(List<Sequence> writing) {
    int room = room(writing);
    if (inPieces.isPresent() && (pieceIsNext || queue.isEmpty())) {
      pieceIsNext = false;
      return piece(writing);
    }
    pieceIsNext = true;
    var whole = new ArrayList<Passes.Stretch>();
    while (!queue.isEmpty() && room > 0) {
      var next = queue.getFirst();
      var source = beginnings.of(next, shared(writing));
      int own = next.unread() - source.map(Beginnings.Source::length).orElse(0);
      if (!whole.isEmpty() && (own > room || isBetterLater(next, own, whole))) {
        break;
      }
      if (own > room && isDivisible(next)) {
        if (inPieces.isEmpty()) {
          take(source, lastSlot);
          inPieces = Optional.of(next);
        }
        return piece(writing);
      }
      int slot = writing.size() + whole.size();
      take(source, slot);
      whole.add(stretch(next, slot, next.unread()));
      room -= own;
    }
    return whole;
  }

  /// Tokens of whole prompts to read in a pass: as many as are fast, beside what is written; where
  /// that is more than half of them, in a pass of their own.
  private int room(List<Sequence> writing) {
    if (pace.admission() == Pace.Admission.TOGETHER) {
      return transformer.policy().batchTokens();
    }
    int beside = writing.size() > best.whole / 2 ? 0 : writing.size();
    return least(best.whole - beside, writing);
  }

  /// Fewer where somebody waits to write, or may come along.
  private int least(int tokens, List<Sequence> writing) {
    long piece = pace.pieceTokens() * (writing.isEmpty() ? ALONE : 1L);
    return Math.toIntExact(Math.min(tokens, piece));
  }

  private List<Sequence> shared(List<Sequence> writing) {
    return pace.sharing() == Pace.Sharing.ALL ? writing : List.of();
  }

  /// Whether a prompt can take over much from one that this pass reads.
  private boolean isBetterLater(Sequence next, int own, List<Passes.Stretch> now) {
    return pace.sharing() == Pace.Sharing.ALL
        && now.stream()
            .mapToInt(stretch -> beginnings.common(next, stretch.sequence()))
            .anyMatch(common -> common - (next.unread() - own) >= WORTH_WAITING);
  }

  /// Whether a prompt may be read in pieces without another result.
  private boolean isDivisible(Sequence sequence) {
    return pace.pieceTokens() < Integer.MAX_VALUE
        && !sequence.plan().wantsWholePrompts()
        && transformer.prefixStandsAlone(1, sequence.prompt().size());
  }

  /// Takes the first of the queue into a slot, with what it need not read.
  private void take(Optional<Beginnings.Source> source, int slot) {
    var sequence = queue.removeFirst();
    if (source.isEmpty()) {
      cache.truncate(slot, 0);
      return;
    }
    var from = source.get();
    cache.copy(from.slot(), slot, from.length());
    beginnings.touch(from);
    sequence.takeOver(from.length(), from.likelihoods());
    tally.shared(from.length());
  }

  private List<Passes.Stretch> piece(List<Sequence> writing) {
    var sequence = inPieces.orElseThrow();
    int count = Math.min(least(best.pieces, writing), sequence.unread());
    return List.of(stretch(sequence, lastSlot, count));
  }

  private static Passes.Stretch stretch(Sequence sequence, int slot, int count) {
    int read = sequence.read();
    var prompt = sequence.prompt();
    return new Passes.Stretch(
        sequence, slot, prompt.slice(read, read + count), read - prompt.size());
  }

  /// Moves what a pass has read where it is written on.
  ///
  /// @param free first slot behind those of the sequences being written
  /// @return sequences that leave here, in the order of their slots
  List<Sequence> whole(List<Passes.Stretch> read, int free) {
    var sequences = read.stream().map(Passes.Stretch::sequence).toList();
    if (inPieces.isEmpty() || sequences.getFirst() != inPieces.get()) {
      return sequences;
    }
    if (sequences.getFirst().unread() > 0) {
      return List.of();
    }
    cache.copy(lastSlot, free);
    inPieces = Optional.empty();
    return sequences;
  }
}
