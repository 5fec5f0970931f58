package dev.demur.model.generate;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Writes completions by contrast: each prompt is read twice, once with a text that is to have less
/// weight and once without, and every token is the likeliest by both readings together.
///
/// l = l_with − ρ (l_with − l_without), greedily; the token that is chosen continues both. ρ = 0 is
/// greedy decoding with the text, ρ = 1 without it, above 1 goes beyond.
///
/// Source: Shi et al. 2024 (arXiv 2401.17633), "Self-Contrastive Decoding", where the text stresses
/// safety and ρ is 2.5.
public final class ContrastGenerator {

  /// Tokens of prompts read in one pass; more need more memory and are not read faster.
  private static final int MOST_READ = 2048;

  private final Transformer transformer;
  private final GenerationOptions options;
  private final HookPlan plan;
  private final double ratio;

  /// One prompt, read twice.
  ///
  /// @param with the text that is to have less weight
  /// @param without it
  public record Pair(TokenIds with, TokenIds without) {}

  /// @param transformer the model
  /// @param options how long to write; the batch counts prompts; tokens are not drawn
  /// @param plan edits and probes of every pass; both readings of prompt `i` are sequences of it,
  ///   `2 i` and `2 i + 1`
  /// @param ratio ρ
  public ContrastGenerator(
      Transformer transformer, GenerationOptions options, HookPlan plan, double ratio) {
    if (!Double.isFinite(ratio)) {
      throw new IllegalArgumentException("ratio must be finite, was " + ratio);
    }
    this.transformer = transformer;
    this.options = options;
    this.plan = plan;
    this.ratio = ratio;
  }

  /// Completes every prompt.
  ///
  /// @return completions in the prompts' order
  public List<Completion> complete(List<Pair> prompts) {
    var limit = transformer.limit();
    limit.requireAnswerable(prompts.stream().map(Pair::with).toList());
    limit.requireAnswerable(prompts.stream().map(Pair::without).toList());
    var completions = new ArrayList<Completion>();
    try (var _ = Torch.inference()) {
      for (int from = 0; from < prompts.size(); from += options.batchSize()) {
        int to = Math.min(prompts.size(), from + options.batchSize());
        try (var _ = Scope.open()) {
          completions.addAll(new Batch(prompts.subList(from, to), from).written());
        }
      }
    }
    return List.copyOf(completions);
  }

  /// Prompts written together. Changed by every step.
  private final class Batch {
    private final List<Pair> pairs;
    private final int first;
    private final KvCache cache;
    private final List<Integer> next = new ArrayList<>();
    private final List<List<Integer>> written = new ArrayList<>();
    private final List<Integer> most;

    /// @param first the number of the first prompt
    Batch(List<Pair> pairs, int first) {
      this.pairs = pairs;
      this.first = first;
      this.most =
          pairs.stream()
              .map(
                  pair ->
                      Math.min(
                          transformer.limit().answer(pair.with(), options.maxNewTokens()),
                          transformer.limit().answer(pair.without(), options.maxNewTokens())))
              .toList();
      int longest =
          pairs.stream()
              .mapToInt(pair -> Math.max(pair.with().size(), pair.without().size()))
              .max()
              .orElseThrow();
      int capacity = Math.min(longest + options.maxNewTokens(), transformer.limit().tokens());
      this.cache = transformer.cache(transformer.cacheType(), 2 * pairs.size(), capacity);
      pairs.forEach(_ -> written.add(new ArrayList<>()));
    }

    List<Completion> written() {
      read();
      while (IntStream.range(0, pairs.size()).anyMatch(this::goesOn)) {
        step();
      }
      return IntStream.range(0, pairs.size()).mapToObj(this::completion).toList();
    }

    /// Reads both forms of every prompt, as many prompts at once as the tokens of a pass allow.
    private void read() {
      int from = 0;
      while (from < pairs.size()) {
        int to = from + 1;
        int tokens = tokens(from);
        while (to < pairs.size() && tokens + tokens(to) <= MOST_READ) {
          tokens += tokens(to);
          to++;
        }
        read(from, to);
        from = to;
      }
    }

    private int tokens(int i) {
      return pairs.get(i).with().size() + pairs.get(i).without().size();
    }

    private void read(int from, int to) {
      var sequences = new ArrayList<Integer>();
      var slots = new ArrayList<Integer>();
      var lengths = new ArrayList<Integer>();
      var ids = TokenIds.of(List.of());
      for (int i = from; i < to; i++) {
        var pair = pairs.get(i);
        sequences.addAll(List.of(2 * (first + i), 2 * (first + i) + 1));
        slots.addAll(List.of(2 * i, 2 * i + 1));
        lengths.addAll(List.of(pair.with().size(), pair.without().size()));
        ids = ids.plus(pair.with()).plus(pair.without());
      }
      try (var _ = Scope.open()) {
        next.addAll(chosen(Rows.of(sequences, lengths), slots, ids));
      }
    }

    private boolean goesOn(int i) {
      return !options.stopTokens().contains(next.get(i)) && written.get(i).size() + 1 < most.get(i);
    }

    /// Writes one token of every prompt that goes on.
    private void step() {
      var active = IntStream.range(0, pairs.size()).filter(this::goesOn).boxed().toList();
      var sequences = new ArrayList<Integer>();
      var slots = new ArrayList<Integer>();
      var positions = new ArrayList<Integer>();
      var ids = new ArrayList<Integer>();
      for (int i : active) {
        for (int reading = 0; reading < 2; reading++) {
          sequences.add(2 * (first + i) + reading);
          slots.add(2 * i + reading);
          positions.add(written.get(i).size());
          ids.add(next.get(i));
        }
      }
      try (var _ = Scope.open()) {
        var rows = Rows.from(sequences, Collections.nCopies(ids.size(), 1), positions);
        var tokens = chosen(rows, slots, TokenIds.of(ids));
        for (int j = 0; j < active.size(); j++) {
          int i = active.get(j);
          written.get(i).add(next.get(i));
          next.set(i, tokens.get(j));
        }
      }
    }

    /// Runs tokens and chooses one for each pair of sequences.
    private List<Integer> chosen(Rows rows, List<Integer> slots, TokenIds ids) {
      var pass = new Pass(rows, new Past.Slots(cache, slots), plan);
      var embedded = transformer.embed(Tensor.ofIndices(ids.stream()), pass);
      var logits = transformer.unembed(transformer.lastRows(embedded, 0, pass));
      var with = every(logits, 0);
      var without = every(logits, 1);
      var both = with.minus(with.minus(without).times(ratio));
      return IntStream.range(0, slots.size() / 2)
          .mapToObj(i -> Math.toIntExact(both.row(i).topIndices(1).toLongs()[0]))
          .toList();
    }

    private static Tensor every(Tensor logits, int reading) {
      int pairs = Math.toIntExact(logits.dim(0)) / 2;
      return logits.rows(Tensor.ofIndices(IntStream.range(0, pairs).map(i -> 2 * i + reading)));
    }

    private Completion completion(int i) {
      var all = new ArrayList<>(written.get(i));
      if (options.stopTokens().contains(next.get(i))) {
        return new Completion(TokenIds.of(all), Completion.End.STOP);
      }
      all.add(next.get(i));
      return new Completion(TokenIds.of(all), Completion.End.LENGTH);
    }
  }
}
