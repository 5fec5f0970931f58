package dev.demur.model.forward;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.Copies;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.ContextLimit;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Prompts in, values out: packs prompts into batches of a size that suits the device, and runs
/// them without gradients. Logits stay where the model's last block is.
///
/// Prompts of one length lie next to each other, so that attention handles them in one call; which
/// prompt a row belongs to is in the [Rows] that edits and probes receive. What prompts begin with
/// is run once, as far as the plan treats all prompts alike there (see [HookPlan#ownTokens]). How
/// prompts are batched changes speed, and results only by rounding.
///
/// @param transformer the model
/// @param batchTokens rows a batch may have; matrix products peak near 1024
public record Forward(Transformer transformer, int batchTokens) {

  /// A prefix shorter than this is not worth a pass of its own.
  private static final int MIN_SHARED_PREFIX = 4;

  /// Batches of the size the model's device likes.
  public Forward(Transformer transformer) {
    this(transformer, transformer.policy().batchTokens());
  }

  public Forward {
    if (batchTokens < 1) {
      throw new IllegalArgumentException("batchTokens must be >= 1, was " + batchTokens);
    }
  }

  /// Logits at the last token of each prompt.
  ///
  /// @return `[prompt, d_vocab]`, float32, in the prompts' order
  /// @throws NumericException if a logit is NaN or infinite
  public Tensor lastLogits(List<TokenIds> prompts, HookPlan plan) {
    return lastLogits(prompts, new Copies(1, prompts.size()), plan);
  }

  /// Logits at the last token of each copy of each prompt.
  ///
  /// @param copies of these prompts; the plan's edits tell them apart
  /// @return `[copy · prompt, d_vocab]`, float32, copy after copy in the prompts' order
  /// @throws NumericException if a logit is NaN or infinite
  public Tensor lastLogits(List<TokenIds> prompts, Copies copies, HookPlan plan) {
    require(copies, prompts.size());
    try (var _ = Torch.inference();
        var scope = Scope.open()) {
      return scope.keep(checked(transformer.unembed(lastRows(prompts, copies, plan))));
    }
  }

  /// The longest text this model reads; every method refuses longer ones.
  ContextLimit limit() {
    return transformer.limit();
  }

  /// As many copies of prompts as make one batch.
  ///
  /// @return at least 1
  public int copiesOf(List<TokenIds> prompts) {
    return Math.toIntExact(Math.max(1, batchTokens / rows(prompts)));
  }

  /// Rows [#lastLogits] runs for these prompts under a plan that treats them all alike.
  public long rows(List<TokenIds> prompts) {
    int shared = sharedPrefix(prompts, HookPlan.none());
    return shared + prompts.stream().mapToLong(prompt -> prompt.size() - shared).sum();
  }

  /// Logits at every token of one prompt.
  ///
  /// @return `[pos, d_vocab]`, float32
  /// @throws NumericException if a logit is NaN or infinite
  public Tensor logits(TokenIds prompt, HookPlan plan) {
    limit().requireReadable(List.of(prompt));
    try (var _ = Torch.inference();
        var scope = Scope.open()) {
      var batch = new Batch(List.of(0), List.of(prompt));
      return scope.keep(checked(transformer.unembed(through(batch, new Past.Nothing(), plan))));
    }
  }

  /// Runs prompts for what the plan's probes see.
  public void run(List<TokenIds> prompts, HookPlan plan) {
    limit().requireReadable(prompts);
    boolean toTheEnd = plan.touches(HookPoint.lnFinal());
    int last = toTheEnd ? transformer.config().nLayers() : plan.lastLayer() + 1;
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      int shared = sharedPrefix(prompts, plan);
      var past = beginning(prompts, shared, new Copies(1, prompts.size()), plan);
      for (var batch : batches(prompts, shared)) {
        try (var _ = Scope.open()) {
          var pass = batch.pass(past, plan);
          var stream = transformer.stream(transformer.embed(batch.ids(), pass), 0, last, pass);
          if (toTheEnd) {
            transformer.normalised(stream, pass);
          }
        }
      }
    }
  }

  /// Runs prompts and keeps what `capture` names.
  ///
  /// @param plan edits on the way; activations are kept after them
  /// @throws IllegalArgumentException if the model has no such place, or a prompt no such position
  /// @throws NumericException if a logit is NaN or infinite
  public Activations run(List<TokenIds> prompts, Capture capture, HookPlan plan) {
    return Activations.of(this, prompts, capture, plan);
  }

  /// The stream entering every block for every token, so that later passes can start in the middle.
  /// Make it inside the scope that is to own it.
  public StreamCache streams(List<TokenIds> prompts) {
    limit().requireReadable(prompts);
    try (var _ = Torch.inference();
        var scope = Scope.open()) {
      int shared = sharedPrefix(prompts, HookPlan.none());
      var prefix =
          shared == 0
              ? List.<Batch>of()
              : List.of(Batch.beginning(List.of(0), prompts.getFirst().slice(0, shared)));
      var cache = prefixCache(1, shared);
      var parts = new ArrayList<StreamCache.Part>();
      for (var batch : prefix) {
        parts.add(part(scope, batch, new Past.Slots(cache, List.of(0))));
      }
      var past = behind(cache, shared, new Copies(1, prompts.size()));
      for (var batch : batches(prompts, shared)) {
        parts.add(part(scope, batch, past));
      }
      return new StreamCache(prompts.size(), shared, parts);
    }
  }

  /// Logits at the last token of each cached prompt when the pass starts at `layer`: for plans that
  /// change nothing before it.
  ///
  /// @return `[prompt, d_vocab]`, float32
  /// @throws IllegalArgumentException if the plan edits an earlier layer
  public Tensor lastLogitsFrom(StreamCache streams, int layer, HookPlan plan) {
    return lastLogitsFrom(streams, new Copies(1, streams.prompts()), layer, plan);
  }

  /// Logits at the last token of each copy of each cached prompt when the pass starts at `layer`.
  ///
  /// @param copies of the cached prompts; the plan's edits tell them apart
  /// @return `[copy · prompt, d_vocab]`, float32, copy after copy in the prompts' order
  /// @throws IllegalArgumentException if the plan edits an earlier layer
  public Tensor lastLogitsFrom(StreamCache streams, Copies copies, int layer, HookPlan plan) {
    require(copies, streams.prompts());
    if (plan.firstEditedLayer() < layer) {
      throw new IllegalArgumentException(
          "a pass from layer " + layer + " cannot edit layer " + plan.firstEditedLayer());
    }
    if (plan.ownTokens() > streams.ownTokens()) {
      throw new IllegalArgumentException(
          "these streams share their first "
              + streams.sharedPrefix()
              + " tokens, which the plan treats differently from prompt to prompt;"
              + " run the prompts from the start");
    }
    try (var _ = Torch.inference();
        var scope = Scope.open()) {
      var cache = prefixCache(copies.count(), streams.sharedPrefix());
      var past = behind(cache, streams.sharedPrefix(), copies);
      var last = new LastRows(copies);
      for (int i = 0; i < streams.parts().size(); i++) {
        var part = streams.parts().get(i);
        boolean prefix = i == 0 && streams.sharedPrefix() > 0;
        var before = prefix ? new Past.Slots(cache, slots(copies)) : past;
        try (var one = Scope.open()) {
          int start = transformer.startFor(layer);
          var rows = part.rows(copies);
          var stream = part.stream(start, copies);
          var pass = new Pass(rows, before, plan);
          pass.read().set(part.ids(copies));
          if (prefix) {
            transformer.stream(stream, start, transformer.config().nLayers(), pass);
          } else {
            last.take(one, transformer.lastRows(stream, start, pass), rows);
          }
        }
      }
      return scope.keep(checked(transformer.unembed(last.inOrder())));
    }
  }

  /// Normalised final stream at the last token of each copy of each prompt, `[copy · prompt,
  /// d_model]`.
  Tensor lastRows(List<TokenIds> prompts, Copies copies, HookPlan plan) {
    limit().requireReadable(prompts);
    int shared = sharedPrefix(prompts, plan);
    var past = beginning(prompts, shared, copies, plan);
    var last = new LastRows(copies);
    var all = Collections.nCopies(copies.count(), prompts).stream().flatMap(List::stream).toList();
    for (var batch : batches(all, shared)) {
      try (var one = Scope.open()) {
        var pass = batch.pass(past, plan);
        var embedded = transformer.embed(batch.ids(), pass);
        last.take(one, transformer.lastRows(embedded, 0, pass), batch.rows());
      }
    }
    return last.inOrder();
  }

  /// Runs what prompts begin with, once a copy.
  ///
  /// @param shared how many tokens, may be 0
  Past beginning(List<TokenIds> prompts, int shared, Copies copies, HookPlan plan) {
    var cache = prefixCache(copies.count(), shared);
    if (shared > 0) {
      var sequences = slots(copies).stream().map(copy -> copies.sequence(copy, 0)).toList();
      var batch = Batch.beginning(sequences, prompts.getFirst().slice(0, shared));
      try (var _ = Scope.open()) {
        stream(batch, new Past.Slots(cache, slots(copies)), plan);
      }
    }
    return behind(cache, shared, copies);
  }

  private static Past behind(KvCache cache, int prefix, Copies copies) {
    return prefix == 0 ? new Past.Nothing() : new Past.SharedPrefix(cache, copies);
  }

  private static void require(Copies copies, int prompts) {
    if (copies.prompts() != prompts) {
      throw new IllegalArgumentException(
          "copies of " + copies.prompts() + " prompts were asked for, but there are " + prompts);
    }
  }

  private static List<Integer> slots(Copies copies) {
    return IntStream.range(0, copies.count()).boxed().toList();
  }

  /// Normalised final stream of a batch, `[tokens, d_model]`.
  Tensor through(Batch batch, Past past, HookPlan plan) {
    return transformer.normalised(stream(batch, past, plan), batch.pass(past, plan));
  }

  private Tensor stream(Batch batch, Past past, HookPlan plan) {
    var pass = batch.pass(past, plan);
    var embedded = transformer.embed(batch.ids(), pass);
    return transformer.stream(embedded, 0, transformer.config().nLayers(), pass);
  }

  private StreamCache.Part part(Scope owner, Batch batch, Past past) {
    int layers = transformer.config().nLayers();
    var streams = new ArrayList<Tensor>();
    var plan = HookPlan.none();
    for (int layer = 0; layer < layers; layer++) {
      plan =
          plan.probe(new HookPoint(layer, Site.RESID_POST), (x, _) -> streams.add(owner.keep(x)));
    }
    var ids = owner.keep(batch.ids());
    var pass = batch.pass(past, plan);
    streams.add(owner.keep(transformer.embed(ids, pass)));
    transformer.stream(streams.getFirst(), 0, layers, pass);
    return new StreamCache.Part(batch.rows(), ids, streams);
  }

  private KvCache prefixCache(int slots, int length) {
    return transformer.cache(DType.F32, slots, Math.max(1, length));
  }

  static Tensor checked(Tensor logits) {
    long bad = logits.firstNonFinite();
    if (bad >= 0) {
      long vocab = logits.dim(1);
      throw new NumericException(
          "final logits: row "
              + bad / vocab
              + ", token "
              + bad % vocab
              + " is not a finite number; the weights or an edit overflow.");
    }
    return logits;
  }

  /// Tokens all prompts begin with that can be run once for all of them: each prompt keeps those
  /// the plan needs to see with it, and at least one. 0 when not worth a pass.
  public int sharedPrefix(List<TokenIds> prompts, HookPlan plan) {
    int own = Math.max(1, plan.ownTokens());
    int shortest = prompts.stream().mapToInt(TokenIds::size).min().orElse(0);
    return commonPrefix(prompts, Math.max(0, shortest - own));
  }

  /// Tokens all begin with, at most `most`; 0 when not worth a pass.
  int commonPrefix(List<TokenIds> prompts, int most) {
    if (prompts.size() < 2) {
      return 0;
    }
    var first = prompts.getFirst();
    int shared = Math.min(most, first.size() - 1);
    for (var prompt : prompts) {
      shared = Math.min(shared, Math.min(prompt.size() - 1, first.commonPrefix(prompt)));
    }
    int prefix = shared;
    return prefix >= MIN_SHARED_PREFIX
            && prompts.stream().allMatch(p -> transformer.prefixStandsAlone(prefix, p.size()))
        ? prefix
        : 0;
  }

  /// Prompts without their first `skip` tokens, longest first, in batches of at most `batchTokens`
  /// rows (a longer prompt is a batch of its own).
  List<Batch> batches(List<TokenIds> prompts, int skip) {
    var order =
        IntStream.range(0, prompts.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -prompts.get(i).size()))
            .toList();
    var batches = new ArrayList<Batch>();
    var sequences = new ArrayList<Integer>();
    int rows = 0;
    for (int index : order) {
      int length = prompts.get(index).size() - skip;
      if (rows + length > batchTokens && !sequences.isEmpty()) {
        batches.add(Batch.of(sequences, prompts, skip));
        sequences.clear();
        rows = 0;
      }
      sequences.add(index);
      rows += length;
    }
    if (!sequences.isEmpty()) {
      batches.add(Batch.of(sequences, prompts, skip));
    }
    return batches;
  }

  /// Prompts that run together.
  record Batch(Rows rows, List<TokenIds> tokens) {

    /// Whole prompts, or their ends.
    Batch(List<Integer> sequences, List<TokenIds> tokens) {
      this(Rows.of(sequences, tokens.stream().map(TokenIds::size).toList()), tokens);
    }

    /// What all sequences begin with.
    static Batch beginning(List<Integer> sequences, TokenIds prefix) {
      return new Batch(
          Rows.beginning(sequences, prefix.size()), Collections.nCopies(sequences.size(), prefix));
    }

    /// The same tokens, its sequences' last `written` of which lie behind the prompts.
    Batch withWritten(List<Integer> written) {
      var firsts =
          IntStream.range(0, rows.size())
              .mapToObj(i -> rows.firsts().get(i) + written.get(i))
              .toList();
      return new Batch(Rows.from(rows.sequences(), rows.lengths(), firsts), tokens);
    }

    static Batch of(List<Integer> sequences, List<TokenIds> prompts, int skip) {
      return new Batch(
          sequences,
          sequences.stream().map(prompts::get).map(ids -> ids.slice(skip, ids.size())).toList());
    }

    Tensor ids() {
      return Tensor.ofIndices(tokens.stream().flatMapToInt(TokenIds::stream));
    }

    Pass pass(Past past, HookPlan plan) {
      return new Pass(rows, past, plan);
    }
  }
}
