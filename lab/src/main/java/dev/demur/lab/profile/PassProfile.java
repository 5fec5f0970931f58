package dev.demur.lab.profile;

import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.Part;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Meter;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Where the time of a pass goes, by part of the model: operations, bytes moved, and the least that
/// any implementation must move.
///
/// @param pass what was read
/// @param tokens of all its prompts
/// @param parts that did something, in [Part]'s order
public record PassProfile(Kind pass, int tokens, List<Work> parts) {

  /// A long prompt, where the model's context has room for it.
  private static final int LONG = 1024;

  private static final double NANOS = 1e9;

  /// What is read. Logits are made of last tokens.
  public enum Kind {
    /// Prompts of 12 to 59 tokens that make about a batch: 32 on a CPU.
    MIXED_PROMPTS,
    /// One prompt of 1,024 tokens, or as many as the model reads.
    LONG_PROMPT
  }

  /// What one part of the model did in a pass.
  ///
  /// @param operations launched; what libtorch does inside of one does not count, but for norms
  /// @param read bytes of operands
  /// @param written bytes of results
  /// @param seconds of the fastest pass
  /// @param busy of them, in which the calling thread had a processor: what others on the machine
  ///   take does not count
  /// @param least bytes that must be read and written, see [LeastBytes]; empty where that is not
  ///   known
  public record Work(
      Part part,
      long operations,
      long read,
      long written,
      double seconds,
      double busy,
      Optional<Long> least) {}

  public PassProfile {
    parts = List.copyOf(parts);
  }

  /// All parts together.
  public Work total() {
    return new Work(
        Part.REST,
        parts.stream().mapToLong(Work::operations).sum(),
        parts.stream().mapToLong(Work::read).sum(),
        parts.stream().mapToLong(Work::written).sum(),
        parts.stream().mapToDouble(Work::seconds).sum(),
        parts.stream().mapToDouble(Work::busy).sum(),
        parts.stream().allMatch(part -> part.least().isEmpty())
            ? Optional.empty()
            : Optional.of(parts.stream().mapToLong(part -> part.least().orElse(0L)).sum()));
  }

  /// Runs a pass of each kind.
  ///
  /// @param rounds passes of which the fastest is told; one more goes before to warm up
  /// @throws IllegalArgumentException if `rounds` is below 1
  public static List<PassProfile> of(ChatModel model, int rounds, Progress progress) {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be >= 1, was " + rounds);
    }
    var profiles = new ArrayList<PassProfile>();
    try (var _ = Torch.inference();
        var _ = Scope.open();
        var shown = progress.start("measure", Kind.values().length * (rounds + 1L))) {
      for (var kind : Kind.values()) {
        var prompts = prompts(model, kind);
        pass(model, prompts);
        shown.advance(1);
        var fastest = pass(model, prompts);
        shown.advance(1);
        for (int round = 1; round < rounds; round++) {
          var next = pass(model, prompts);
          fastest = busy(next) < busy(fastest) ? next : fastest;
          shown.advance(1);
        }
        profiles.add(of(kind, model, prompts, fastest));
      }
    }
    return profiles;
  }

  private static List<TokenIds> prompts(ChatModel model, Kind kind) {
    return switch (kind) {
      case MIXED_PROMPTS -> new Workload(model).mixed();
      case LONG_PROMPT -> {
        int length = Math.min(LONG, model.config().nCtx());
        var ids = new SplittableRandom(1).ints(length, 0, model.config().dVocab());
        yield List.of(TokenIds.of(ids.toArray()));
      }
    };
  }

  private static Map<Enum<?>, Meter.Tally> pass(ChatModel model, List<TokenIds> prompts) {
    try (var _ = Scope.open();
        var meter = Meter.open(Part.REST)) {
      Tensor logits = model.forward().lastLogits(prompts, HookPlan.none());
      Torch.finish(logits.device());
      return meter.tallies();
    }
  }

  private static long busy(Map<Enum<?>, Meter.Tally> tallies) {
    return tallies.values().stream().mapToLong(Meter.Tally::busyNanos).sum();
  }

  private static PassProfile of(
      Kind kind, ChatModel model, List<TokenIds> prompts, Map<Enum<?>, Meter.Tally> tallies) {
    int tokens = prompts.stream().mapToInt(TokenIds::size).sum();
    var least = LeastBytes.of(model.transformer(), tokens, prompts.size());
    return new PassProfile(
        kind,
        tokens,
        Arrays.stream(Part.values())
            .flatMap(
                part ->
                    Optional.ofNullable(tallies.get(part))
                        .map(tally -> work(part, tally, least.map(all -> all.of(part))))
                        .stream())
            .toList());
  }

  private static Work work(Part part, Meter.Tally tally, Optional<Long> least) {
    return new Work(
        part,
        tally.operations(),
        tally.read(),
        tally.written(),
        tally.nanos() / NANOS,
        tally.busyNanos() / NANOS,
        least);
  }
}
