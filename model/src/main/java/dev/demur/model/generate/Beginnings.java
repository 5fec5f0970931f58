package dev.demur.model.generate;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What new prompts may begin with: tokens that the batch has run with the same edits already, in
/// sequences being written or in slots kept for that. Only tokens which a plan treats alike from
/// prompt to prompt are shared (see [HookPlan#ownTokens]).
///
/// A state of a recurrent layer is known behind its last token alone; such models share what they
/// hold whole or not at all.
final class Beginnings {

  /// Fewer tokens are not worth a copy.
  private static final int FEWEST = 4;

  private final Transformer transformer;
  private final KvCache cache;
  private final int firstSlot;
  private final int slots;
  private final List<Kept> kept = new ArrayList<>();

  /// Tokens in a slot.
  ///
  /// @param tokens those of them that others may share
  /// @param likelihoods of those from the second on, as far as they are known
  /// @param likeliest how many alternatives each of these has
  /// @param use whether a prompt took some over
  private record Kept(
      int slot,
      TokenIds tokens,
      HookPlan plan,
      List<Likelihood> likelihoods,
      int likeliest,
      Use use) {

    static Kept of(int slot, TokenIds tokens, Sequence sequence) {
      int likeliest = sequence.request().likeliest().orElse(0);
      return new Kept(slot, tokens, sequence.plan(), sequence.likelihoods(), likeliest, Use.NONE);
    }

    Kept used() {
      return new Kept(slot, tokens, plan, likelihoods, likeliest, Use.SOME);
    }

    /// How many tokens a prompt can take over that has some of these in common. One that echoes
    /// runs the last of them itself: what follows it is its own.
    int most(int common, Sequence sequence) {
      if (!sequence.echoes()) {
        return common;
      }
      boolean enough = likeliest >= sequence.request().likeliest().orElse(0);
      return enough ? Math.min(common - 1, likelihoods.size()) : 0;
    }
  }

  private enum Use {
    NONE,
    SOME
  }

  /// @param firstSlot of those kept for beginnings
  /// @param slots how many there are
  Beginnings(Transformer transformer, KvCache cache, int firstSlot, int slots) {
    this.transformer = transformer;
    this.cache = cache;
    this.firstSlot = firstSlot;
    this.slots = slots;
  }

  /// Where a prompt's beginning can be had.
  ///
  /// @param length how many tokens
  /// @param likelihoods of as many tokens from the second on, where the prompt echoes
  record Source(int slot, int length, List<Likelihood> likelihoods) {}

  /// Says that a slot holds a beginning.
  void given(int slot, TokenIds tokens, HookPlan plan) {
    kept.add(new Kept(slot, tokens, plan, List.of(), 0, Use.SOME));
  }

  /// The longest beginning of a prompt that can be taken over.
  ///
  /// @param writing sequences in the first slots
  Optional<Source> of(Sequence sequence, List<Sequence> writing) {
    var held = new ArrayList<Kept>(kept);
    for (int slot = 0; slot < writing.size(); slot++) {
      held.add(Kept.of(slot, sharable(slot, writing.get(slot)), writing.get(slot)));
    }
    return held.stream()
        .filter(each -> each.plan.editsAs(sequence.plan()))
        .flatMap(each -> source(each, sequence).stream())
        .max(Comparator.comparingInt(Source::length));
  }

  /// Tokens that one prompt could take over from another once that is read.
  int common(Sequence later, Sequence now) {
    boolean told = !later.echoes() || now.echoes();
    return cache.holdsBeginnings() && later.plan().editsAs(now.plan()) && told
        ? Math.min(
            later.prompt().commonPrefix(now.prompt()),
            Math.min(most(later.prompt(), later.plan()), most(now.prompt(), now.plan())))
        : 0;
  }

  private Optional<Source> source(Kept held, Sequence sequence) {
    var prompt = sequence.prompt();
    int alike = held.most(held.tokens.commonPrefix(prompt), sequence);
    int common = Math.min(alike, most(prompt, sequence.plan()));
    return common >= FEWEST
            && cache.holds(held.slot, common)
            && transformer.prefixStandsAlone(common, prompt.size())
            && transformer.prefixStandsAlone(common, cache.length(held.slot))
        ? Optional.of(new Source(held.slot, common, likelihoods(held, common, sequence)))
        : Optional.empty();
  }

  private static List<Likelihood> likelihoods(Kept held, int count, Sequence sequence) {
    if (!sequence.echoes()) {
      return List.of();
    }
    int likeliest = sequence.request().likeliest().orElse(0);
    return held.likelihoods.subList(0, count).stream()
        .map(
            each ->
                new Likelihood(
                    each.logProbability(),
                    each.likeliest().subList(0, Math.min(likeliest, each.likeliest().size()))))
        .toList();
  }

  /// Tokens of a prompt that may come from elsewhere: each reads at least one of its own.
  private static int most(TokenIds prompt, HookPlan plan) {
    return Math.max(0, prompt.size() - Math.max(1, plan.ownTokens()));
  }

  /// Tokens of a sequence that others may take over. Where a plan asks for positions, what was
  /// written is not what it would be in a prompt.
  private TokenIds sharable(int slot, Sequence sequence) {
    var plan = sequence.plan();
    boolean positions = plan.asksPositions() || plan.ownTokens() > 0;
    return positions
        ? sequence.prompt().slice(0, most(sequence.prompt(), plan))
        : sequence.beginning(cache.length(slot));
  }

  /// Keeps what a sequence that ends leaves in its slot, in place of what is worth least.
  void keep(int slot, Sequence sequence) {
    var tokens = sharable(slot, sequence);
    int told = sequence.likelihoods().size();
    if (slots == 0
        || tokens.size() < FEWEST
        || !cache.holds(slot, tokens.size())
        || kept.stream()
            .anyMatch(
                each -> each.likelihoods.size() >= told && covers(each, tokens, sequence.plan()))) {
      return;
    }
    kept.removeIf(
        each ->
            each.plan.editsAs(sequence.plan())
                && each.tokens.size() <= tokens.size()
                && each.likelihoods.size() <= told
                && each.tokens.commonPrefix(tokens) == each.tokens.size()
                && cache.holds(slot, each.tokens.size()));
    if (kept.size() == slots) {
      kept.remove(leastWorth());
    }
    int free =
        Stream.iterate(firstSlot, i -> i + 1)
            .filter(i -> kept.stream().noneMatch(each -> each.slot == i))
            .findFirst()
            .orElseThrow();
    cache.copy(slot, free, tokens.size());
    kept.add(Kept.of(free, tokens, sequence));
  }

  /// The oldest that nobody took anything from, else the one used longest ago: plans of single
  /// requests come and go, and what others keep asking for stays.
  private Kept leastWorth() {
    return kept.stream().filter(each -> each.use == Use.NONE).findFirst().orElseGet(kept::getFirst);
  }

  private boolean covers(Kept held, TokenIds tokens, HookPlan plan) {
    return held.plan.editsAs(plan)
        && held.tokens.commonPrefix(tokens) == tokens.size()
        && cache.holds(held.slot, tokens.size());
  }

  /// Counts a source as used.
  void touch(Source source) {
    kept.stream()
        .filter(each -> each.slot == source.slot)
        .findFirst()
        .ifPresent(
            each -> {
              kept.remove(each);
              kept.add(each.used());
            });
  }
}
