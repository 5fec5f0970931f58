package dev.demur.model.arch;

import dev.demur.model.hook.HookPoint;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
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

  /// Type of the weights, float32 or bfloat16.
  public DType dtype() {
    return holding.dtype();
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
    return embedding.apply(ids, embedding.positions().isPresent() ? pass.positions() : List.of());
  }

  /// Runs blocks `from` (inclusive) to `to` (exclusive).
  ///
  /// @param resid stream entering block `from`, `[tokens, d_model]`, float32
  /// @return stream leaving block `to − 1`, before any final norm
  /// @throws IllegalArgumentException if the plan reads or edits a place a block does not have
  public Tensor stream(Tensor resid, int from, int to, Pass pass) {
    return through(resid, blocks.subList(from, to), pass, Block::apply);
  }

  /// The final stream at each sequence's last token, as logits want it. Where nothing is read on
  /// the way, the last block's MLP is run for those tokens alone.
  ///
  /// @param resid stream entering block `from`, `[tokens, d_model]`, float32
  /// @return `[sequences, d_model]`, float32
  /// @throws IllegalArgumentException if the plan reads or edits a place a block does not have
  public Tensor lastRows(Tensor resid, int from, Pass pass) {
    int last = blocks.size() - 1;
    boolean whole = pass.packing().tokens() == pass.packing().size();
    try (var scope = Scope.open()) {
      if (whole || !pass.plan().hasNoProbes()) {
        var stream = stream(resid, from, blocks.size(), pass);
        return scope.keep(
            whole ? stream : stream.rows(Tensor.ofIndices(pass.packing().lastRows())));
      }
      return scope.keep(
          through(
              resid,
              blocks.subList(from, blocks.size()),
              pass,
              (block, x, p, tables) ->
                  block.layer() == last
                      ? block.applyToLast(x, p, tables)
                      : block.apply(x, p, tables)));
    }
  }

  /// How much of a block is run.
  private interface Run {
    Tensor apply(Block block, Tensor resid, Pass pass, PassTables tables);
  }

  private Tensor through(Tensor resid, List<Block> running, Pass pass, Run run) {
    require(pass);
    try (var all = Scope.open()) {
      var tables = PassTables.of(running, pass);
      var current = resid;
      for (var block : running) {
        try (var one = Scope.open()) {
          streaming.ifPresent(s -> s.before(block.layer()));
          current = one.keep(run.apply(block, current, pass, tables));
          streaming.ifPresent(s -> s.after(block.layer()));
        }
      }
      pass.past().advance(pass.packing());
      return current == resid ? resid : all.keep(current);
    }
  }

  /// Logits of rows of the final stream, multiplied and summed in float32.
  ///
  /// @param resid stream leaving the last block, `[rows, d_model]`
  /// @return `[rows, d_vocab]`, float32
  public Tensor logits(Tensor resid) {
    try (var scope = Scope.open()) {
      return scope.keep(unembedding.apply(finalNorm.apply(resid)));
    }
  }

  /// The most likely next token of each row, exactly the largest float32 logit.
  ///
  /// @param resid stream leaving the last block, `[rows, d_model]`
  /// @return int64 `[rows]`
  public Tensor greedy(Tensor resid) {
    try (var scope = Scope.open()) {
      return scope.keep(unembedding.greedy(finalNorm.apply(resid)));
    }
  }

  /// Makes sure that there is room for a pass's tokens, and that its plan names blocks there are.
  public void require(Pass pass) {
    pass.past().require(pass.packing());
    var plan = pass.plan();
    int last = plan.lastLayer(); // asked for at every step of a generation, so no set is made
    if (last >= blocks.size()) {
      var point = plan.points().stream().filter(p -> p.layer() == last).findFirst().orElseThrow();
      throw new IllegalArgumentException(
          point + " does not exist: layers are 0 to " + (blocks.size() - 1));
    }
  }

  /// Whether the model has such an activation: parallel blocks have no resid_mid.
  public boolean has(HookPoint point) {
    return point.layer() < blocks.size() && blocks.get(point.layer()).has(point.site());
  }

  /// Whether the first `prefix` tokens of a sequence of `length` are computed as if they were all
  /// there is. Not so when rotary frequencies depend on the length (longrope, dynamic NTK) and the
  /// two lengths lie on different sides of a change.
  public boolean prefixStandsAlone(int prefix, int length) {
    return blocks.stream()
        .map(block -> block.attention().rope())
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
