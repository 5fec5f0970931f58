package dev.demur.model.arch;

import dev.demur.model.hook.HookPoint;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.ContextLimit;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A decoder-only transformer: embed → blocks → final norm → unembed.
///
/// The residual stream is float32 whatever the weights are. All methods are differentiable; they
/// neither batch nor split what they are given (see [Forward]).
///
/// @param config its shape
/// @param holding how its matrices are held
/// @param embedding what enters block 0
/// @param blocks the blocks in order
/// @param finalNorm normalises what the unembedding reads
/// @param unembedding what makes logits
/// @param streaming blocks whose weights do not stay in memory, when not all of them fit
public record Transformer(
    ModelConfig config,
    Holding holding,
    Embedding embedding,
    List<Block> blocks,
    Norm finalNorm,
    Unembedding unembedding,
    Optional<Streaming> streaming) {

  public Transformer {
    blocks = List.copyOf(blocks);
  }

  /// The longest text this model reads.
  public ContextLimit limit() {
    return new ContextLimit(config.nCtx());
  }

  /// Type of the weights, float32 or bfloat16.
  public DType dtype() {
    return holding.dtype();
  }

  /// How passes are sized and run there.
  public DevicePolicy policy() {
    return DevicePolicy.of(holding.placement().first());
  }

  /// Type keys and values of sequences side by side are kept in. Those of a float32 model are not
  /// rounded on any device.
  public DType cacheType() {
    return dtype() == DType.F32 ? DType.F32 : policy().cacheType();
  }

  /// An empty cache, each layer's part where its block is. Make it inside the scope that is to own
  /// its memory.
  ///
  /// @param type type they are kept in
  /// @param slots how many sequences fit
  /// @param capacity how many tokens of each fit
  public KvCache cache(DType type, int slots, int capacity) {
    return new KvCache(blocks, type, slots, capacity);
  }

  /// What a cache keeps of one sequence, bytes.
  ///
  /// @param type type keys and values are kept in
  /// @param capacity how many tokens fit
  public long cacheBytes(DType type, int capacity) {
    return blocks.stream().mapToLong(block -> block.mixer().kept().bytes(type, capacity)).sum();
  }

  /// The stream entering block 0 of one sequence that starts at position 0; with rotary positions,
  /// of any sequences.
  ///
  /// @param ids int64 `[tokens]`
  /// @return `[tokens, d_model]`, float32
  public Tensor embed(Tensor ids) {
    return embedding.apply(ids, IntStream.range(0, Math.toIntExact(ids.dim(0))).boxed().toList());
  }

  /// The stream entering block 0.
  ///
  /// @param ids int64 `[tokens]`
  /// @param pass tells where each sequence starts
  /// @return `[tokens, d_model]`, float32
  public Tensor embed(Tensor ids, Pass pass) {
    Part.EMBEDDING.begins();
    pass.read().set(ids);
    return embedding.apply(ids, embedding.positions().isPresent() ? pass.positions() : List.of());
  }

  /// Runs blocks `from` (inclusive) to `to` (exclusive).
  ///
  /// @param resid stream entering block `from`, `[tokens, d_model]`, float32
  /// @return stream leaving block `to − 1`, before any final norm
  /// @throws IllegalArgumentException if the plan reads or edits a place a block does not have
  public Tensor stream(Tensor resid, int from, int to, Pass pass) {
    return through(resid, blocks.subList(from, to), pass, Block.Leaving.EVERY_ROW);
  }

  /// The normalised final stream at each sequence's last token, as [#unembed] wants it. The last
  /// block's MLP is run for those tokens alone, unless the plan looks at others.
  ///
  /// @param resid stream entering block `from`, `[tokens, d_model]`, float32
  /// @return `[sequences, d_model]`, float32
  /// @throws IllegalArgumentException if the plan reads or edits a place the model does not have
  public Tensor lastRows(Tensor resid, int from, Pass pass) {
    int last = blocks.size() - 1;
    boolean whole = pass.rows().tokens() == pass.rows().size();
    try (var scope = Scope.open()) {
      if (whole || from > last || !pass.plan().readsOnlyLastBehindAttention(last)) {
        var normalised = normalised(stream(resid, from, blocks.size(), pass), pass);
        return scope.keep(
            whole ? normalised : normalised.rows(Tensor.ofIndices(pass.rows().lastRows())));
      }
      var lastStream =
          through(resid, blocks.subList(from, blocks.size()), pass, Block.Leaving.LAST_ROWS);
      return scope.keep(normalised(lastStream, pass.ofLastRows()));
    }
  }

  /// The final stream after the final norm, as [#unembed] wants it, with what the plan does there.
  ///
  /// @param resid stream leaving the last block, `[rows, d_model]`
  /// @param pass whose rows these are
  public Tensor normalised(Tensor resid, Pass pass) {
    Part.NORM.begins();
    return pass.atFinalNorm(finalNorm.apply(resid.on(holding.placement().last())));
  }

  /// @param leaving what the last of these blocks hands on
  private Tensor through(Tensor resid, List<Block> running, Pass pass, Block.Leaving leaving) {
    require(pass);
    try (var all = Scope.open()) {
      var tables = new HashMap<Device, PassTables>();
      var lent = Lent.among(running);
      var inputs = inputs(pass);
      var current = resid;
      for (var block : running) {
        var rows = block.layer() == running.getLast().layer() ? leaving : Block.Leaving.EVERY_ROW;
        Part.TABLES.begins();
        tables.computeIfAbsent(
            block.device(),
            here ->
                PassTables.of(
                    running.stream().filter(each -> each.device().equals(here)).toList(),
                    pass,
                    lent,
                    inputs,
                    all));
        try (var one = Scope.open()) {
          Part.REST.begins();
          streaming.ifPresent(s -> s.before(block.layer()));
          var own = tables.get(block.device());
          current = one.keep(block.apply(current.on(block.device()), pass, own, rows));
          Part.REST.begins();
          lent.outlive(block.layer(), one);
          streaming.ifPresent(s -> s.after(block.layer()));
        }
      }
      pass.past().advance(pass.rows());
      return current == resid ? resid : all.keep(current);
    }
  }

  /// What the layers read beside the stream, `[tokens, layer, width]`; empty in most families.
  ///
  /// @throws IllegalStateException if the pass was not told its tokens
  public Optional<Tensor> inputs(Pass pass) {
    return embedding.layers().isEmpty() ? Optional.empty() : embedding.inputs(pass.read().ids());
  }

  /// Logits of rows of any stream between blocks: the final norm, then [#unembed]. For the final
  /// stream these are the model's own; for earlier ones they are the logit lens.
  ///
  /// @param resid `[rows, d_model]`
  /// @return `[rows, d_vocab]`, float32
  public Tensor logits(Tensor resid) {
    try (var scope = Scope.open()) {
      return scope.keep(unembed(finalNorm.apply(resid.on(holding.placement().last()))));
    }
  }

  /// Logits, multiplied and summed in float32.
  ///
  /// @param normalised final stream after the final norm, `[rows, d_model]`
  /// @return `[rows, d_vocab]`, float32
  public Tensor unembed(Tensor normalised) {
    Part.UNEMBEDDING.begins();
    try (var scope = Scope.open()) {
      return scope.keep(unembedding.apply(normalised));
    }
  }

  /// The most likely next token of each row, exactly the largest float32 logit.
  ///
  /// @param normalised final stream after the final norm, `[rows, d_model]`
  /// @return int64 `[rows]`
  public Tensor greedy(Tensor normalised) {
    Part.UNEMBEDDING.begins();
    try (var scope = Scope.open()) {
      return scope.keep(unembedding.greedy(normalised));
    }
  }

  /// Makes sure that there is room for a pass's tokens, and that the model has all that its plan
  /// names.
  ///
  /// @throws IllegalArgumentException if it has not
  public void require(Pass pass) {
    pass.past().require(pass.rows());
    pass.plan().points().forEach(this::require);
  }

  /// Makes sure that the model has an activation.
  ///
  /// @throws IllegalArgumentException if it has not
  public void require(HookPoint point) {
    if (!has(point)) {
      throw new IllegalArgumentException(Absent.place(blocks, point));
    }
  }

  /// Makes sure that every layer has attention and nothing else, and that the stream is the sum of
  /// what was written to it.
  ///
  /// @param who needs it, for the message
  /// @throws IllegalArgumentException if not; see [#unsplittable]
  public void requireAttention(String who) {
    unsplittable()
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(who + " needs " + reason);
            });
  }

  /// What is wanting for a split of the stream into what wrote it, and by the tokens it was read
  /// from: a clause that follows "needs". Empty where nothing is.
  public Optional<String> unsplittable() {
    return Absent.fromSplits(blocks);
  }

  /// The lowest layer at which a pass can begin that is to run `layer` and those behind it: blocks
  /// may look at keys and values of earlier ones.
  public int startFor(int layer) {
    int first = layer;
    for (int at = blocks.size() - 1; at >= first; at--) {
      first = Math.min(first, Lent.borrowed(blocks.get(at)).orElse(first));
    }
    return first;
  }

  /// Whether the model has such an activation: parallel blocks have no resid_mid.
  public boolean has(HookPoint point) {
    return !point.isInBlock()
        || (point.layer() < blocks.size() && blocks.get(point.layer()).has(point.site()));
  }

  /// Whether the first `prefix` tokens of a sequence of `length` are computed as if they were all
  /// there is. Not so when rotary frequencies depend on the length (longrope, dynamic NTK) and the
  /// two lengths lie on different sides of a change.
  public boolean prefixStandsAlone(int prefix, int length) {
    return blocks.stream()
        .map(block -> block.mixer().rope())
        .flatMap(Optional::stream)
        .filter(rope -> rope.scaling().dependsOnLength())
        .distinct()
        .allMatch(rope -> rope.frequencies(prefix).equals(rope.frequencies(length)));
  }

  /// This transformer with other matrices where it writes to the residual stream. An unembedding
  /// tied to the embedding stays as it was, so only writing changes.
  public Transformer withWriters(WriterEdit edit) {
    return new Transformer(
        config,
        holding,
        embedding.withWriters(edit),
        blocks.stream().map(block -> block.withWriters(edit)).toList(),
        finalNorm,
        unembedding,
        streaming);
  }

  /// This transformer without its last blocks: what it would say, and write, if it ended there. The
  /// final norm and the unembedding follow block `layer − 1`; keys and values are kept below
  /// `layer` alone. All weights are shared.
  ///
  /// @param layer first block left out, 1 to the number of blocks; that number leaves none out
  /// @throws IllegalArgumentException if it is not such a layer
  public Transformer endingBefore(int layer) {
    if (layer < 1 || layer > blocks.size()) {
      throw new IllegalArgumentException(
          "a model of "
              + blocks.size()
              + " layers can end before layer 1 to "
              + blocks.size()
              + ", not before "
              + layer);
    }
    return new Transformer(
        config.withLayers(layer),
        holding,
        embedding,
        blocks.subList(0, layer),
        finalNorm,
        unembedding,
        streaming);
  }

  /// This transformer with weights of at most `limit` bytes kept in memory. What does not fit is
  /// read from the files in every pass; what does not lie in a file stays.
  ///
  /// @param files the mapped files the weights may lie in
  public Transformer within(long limit, List<MemorySegment> files) {
    return new Transformer(
        config,
        holding,
        embedding,
        blocks,
        finalNorm,
        unembedding,
        Streaming.within(limit, blocks, files));
  }
}
