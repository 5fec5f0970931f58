package dev.demur.lab.profile;

import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How fast a model runs on this machine, beside what the machine can do at most.
///
/// Ceilings and tasks take turns in one run and medians are compared, because a machine's speed
/// drifts by more than the differences of interest.
///
/// @param ceilings of this machine
/// @param rates what was measured, in [Task]'s order
public record ModelSpeed(Ceilings ceilings, List<Rate> rates) {

  /// What is measured.
  public enum Task {
    /// As many prompts of 32 tokens as make a batch through all blocks, no logits: 32 on a CPU.
    PREFILL,
    /// As many prompts of 12 to 59 tokens, with the last token's logits.
    MIXED_PROMPTS,
    /// The same with a direction ablated in every block: what a study's selection runs.
    ABLATED_PROMPTS,
    /// 128 sequences that write a token each at once.
    BATCH_DECODE,
    /// One sequence that writes one token after the other.
    DECODE
  }

  /// One task's speed.
  ///
  /// Work counted is two operations with each parameter of the blocks, and of the unembedding where
  /// every token has logits; all the rest (norms, attention, edits) shows up as lost share.
  ///
  /// @param tokensPerSecond read or written
  /// @param perSecond FLOP; for [Task#DECODE], bytes of weights read
  /// @param share of the matrix-product rate of the model's type; for [Task#DECODE], of the
  ///   memory's
  public record Rate(Task task, double tokensPerSecond, double perSecond, double share) {

    private static Rate of(Task task, double tokens, double perToken, double ceiling) {
      return new Rate(task, tokens, tokens * perToken, tokens * perToken / ceiling);
    }
  }

  public ModelSpeed {
    rates = List.copyOf(rates);
  }

  /// Measures.
  ///
  /// @param rounds turns of everything; one more goes before, unseen, to warm up
  /// @throws IOException if the model's files cannot be read
  /// @throws IllegalArgumentException if `rounds` is below 1
  public static ModelSpeed of(ChatModel model, int rounds, Progress progress) throws IOException {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be >= 1, was " + rounds);
    }
    var ceilings = new ArrayList<Ceilings>();
    Map<Task, List<Double>> tokens = new EnumMap<>(Task.class);
    try (var _ = Torch.inference();
        var _ = Scope.open();
        var shown = progress.start("measure", rounds + 1L)) {
      var probe = new CeilingProbe(model.transformer().holding().placement().first());
      var workload = new Workload(model);
      for (int round = -1; round < rounds; round++) {
        ceilings.add(probe.measure());
        for (var task : Task.values()) {
          tokens.computeIfAbsent(task, _ -> new ArrayList<>()).add(workload.tokensPerSecond(task));
        }
        shown.advance(1);
      }
    }
    var ceiling = CeilingProbe.medians(counted(ceilings));
    var work = TokenWork.of(model);
    var dtype = model.transformer().dtype();
    return new ModelSpeed(
        ceiling,
        tokens.entrySet().stream()
            .map(
                e ->
                    rate(
                        e.getKey(),
                        CeilingProbe.median(counted(e.getValue())),
                        work,
                        dtype,
                        ceiling))
            .toList());
  }

  private static Rate rate(
      Task task, double tokens, TokenWork work, DType dtype, Ceilings ceilings) {
    double gemm = ceilings.gemm(dtype);
    return switch (task) {
      case PREFILL, MIXED_PROMPTS, ABLATED_PROMPTS ->
          Rate.of(task, tokens, 2 * work.blocks(), gemm);
      case BATCH_DECODE -> Rate.of(task, tokens, 2 * work.all(), gemm);
      case DECODE -> Rate.of(task, tokens, work.bytes(), ceilings.dramRead());
    };
  }

  /// All rounds but the first.
  private static <T> List<T> counted(List<T> rounds) {
    return rounds.subList(1, rounds.size());
  }
}
