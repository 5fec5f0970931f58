package dev.demur.model.arch;

import static dev.demur.kit.Tolerance.assertClose;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.PassTables.Packing;
import dev.demur.model.arch.family.Family;
import dev.demur.model.hook.Copies;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sequences that attend in one call, as on a card, see what they see one by one.
@Scoped
class PackedAttentionTest {

  private static final Tolerance SAME =
      Tolerance.ofLargestOrOne(1e-6, "the same float32 products in other calls");

  private static final Path CHECKPOINT = Checkpoints.named("llama-gqa-tied");

  private static final int CAPACITY = 16;
  private static final int HEADS = 6;
  private static final int KV_HEADS = 2;
  private static final int WIDTH = 4;

  private final SplittableRandom random = new SplittableRandom(3);

  @ParameterizedTest
  @ValueSource(ints = {2, 64})
  void ofPromptsFromTheirStart(int window) throws IOException {
    assertPacked(new Past.Nothing(), Rows.of(List.of(0, 1, 2), List.of(5, 1, 3)), window);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 64})
  void ofPromptsBehindWhatAllBeginWith(int window) throws IOException {
    var copies = new Copies(2, 2);
    var cache = filled(List.of(4, 4));
    var rows = Rows.of(List.of(0, 3, 1, 2), List.of(3, 1, 2, 2));
    assertPacked(new Past.SharedPrefix(cache, copies), rows, window);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 64})
  void ofSequencesThatContinueSlots(int window) throws IOException {
    var cache = filled(List.of(2, 0, 5));
    assertPacked(
        new Past.Slots(cache, List.of(2, 0)), Rows.of(List.of(0, 1), List.of(3, 2)), window);
  }

  private void assertPacked(Past past, Rows rows, int window) throws IOException {
    try (var files = Checkpoints.open(CHECKPOINT);
        var whole = Scope.open()) {
      var model = Family.load(files, Holding.decoded(DType.F32));
      var pass = new Pass(rows, past, HookPlan.none());
      var tables =
          PassTables.of(model.blocks(), pass, Lent.among(model.blocks()), Optional.empty(), whole);
      var packing = Packing.of(pass, Device.CPU);
      var q = Tensor.gaussian(random, rows.tokens(), HEADS, WIDTH);
      var k = Tensor.gaussian(random, rows.tokens(), KV_HEADS, WIDTH);
      var v = Tensor.gaussian(random, rows.tokens(), KV_HEADS, WIDTH);
      var scoring = Scoring.scaled(0.3).withWindow(OptionalInt.of(window));
      var shape = new Attention.Shape(HEADS, KV_HEADS, WIDTH, WIDTH);
      var alone =
          new Looking(
                  0, OptionalInt.empty(), shape, scoring, pass, tables, DevicePolicy.of(Device.CPU))
              .mix(q, k, v);
      assertClose(packed(packing, pass.past(), scoring, q, k, v), alone, SAME);
    }
  }

  /// What a kernel does that takes all sequences: each one's queries with the keys at its place.
  private static Tensor packed(
      Packing packing, Past past, Scoring scoring, Tensor q, Tensor k, Tensor v) {
    var keys = packing.behindPast(past, cache -> cache.allKeys(0), k);
    var values = packing.behindPast(past, cache -> cache.allValues(0), v);
    var parts = new ArrayList<Tensor>();
    int query = 0;
    long[] starts = packing.keys().starts().to(DType.I64).toLongs();
    for (int i = 0; i < packing.queries().lengths().size(); i++) {
      int own = packing.queries().lengths().get(i);
      int all = packing.keys().lengths().get(i);
      parts.add(
          scoring
              .mix(
                  heads(q.narrow(0, query, own)),
                  heads(keys.narrow(0, starts[i], all)),
                  heads(values.narrow(0, starts[i], all)),
                  Masks.causal(own, all, scoring.reach()))
              .row(0)
              .transpose(0, 1));
      query += own;
    }
    return Tensor.cat(parts, 0);
  }

  /// `[pos, head or kv_head, d_head]` as `[1, head, pos, d_head]`.
  private static Tensor heads(Tensor x) {
    long group = HEADS / x.dim(1);
    return x.unsqueeze(2)
        .expand(x.dim(0), x.dim(1), group, WIDTH)
        .reshape(x.dim(0), HEADS, WIDTH)
        .transpose(0, 1)
        .unsqueeze(0);
  }

  /// A cache that holds so many tokens in each slot.
  private KvCache filled(List<Integer> lengths) throws IOException {
    try (var files = Checkpoints.open(CHECKPOINT)) {
      var model = Family.load(files, Holding.decoded(DType.F32));
      var cache = model.cache(DType.F32, lengths.size(), CAPACITY);
      var slots = IntStream.range(0, lengths.size()).boxed().toList();
      int tokens = lengths.stream().mapToInt(Integer::intValue).sum();
      cache.store(
          0,
          cache.rows(slots, lengths),
          Tensor.gaussian(random, tokens, KV_HEADS, WIDTH),
          Tensor.gaussian(random, tokens, KV_HEADS, WIDTH));
      slots.forEach(slot -> cache.advance(slot, lengths.get(slot)));
      return cache;
    }
  }
}
