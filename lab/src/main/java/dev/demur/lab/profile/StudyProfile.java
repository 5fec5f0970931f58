package dev.demur.lab.profile;

import dev.demur.lab.run.StageTiming;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/// Where a study's time went, stage by stage, beside what the machine can do at most.
///
/// Work counted is two operations for each parameter a token is multiplied with. What else there is
/// (attention, norms, edits, judging, files) shows up as lost share.
///
/// @param ceilings measured when the study ended
/// @param stages in the order they ran
public record StudyProfile(Ceilings ceilings, List<Stage> stages) {

  /// Stages that write token by token, so that memory bounds them as well.
  private static final Set<String> WRITING = Set.of("behaviour", "complete");

  /// One stage.
  ///
  /// @param stage its name
  /// @param seconds it took, interruptions left out
  /// @param tokens run through the model; the sweep's count by the share of the blocks they pass
  /// @param flop operations in all
  /// @param share of the matrix-product rate of the model's type
  /// @param bytes of weights read, at the least, by a stage that writes: once for every step of a
  ///   full batch
  /// @param memoryShare of the memory's rate, for the same
  public record Stage(
      String stage,
      double seconds,
      long tokens,
      double flop,
      double share,
      OptionalDouble bytes,
      OptionalDouble memoryShare) {

    /// Operations a second.
    public double flops() {
      return flop / seconds;
    }
  }

  public StudyProfile {
    stages = List.copyOf(stages);
  }

  /// The profile of a study that has run; measures the machine for some seconds.
  ///
  /// @param batch sequences decoded together
  /// @throws IOException if the model's files cannot be read
  public static StudyProfile of(ChatModel model, List<StageTiming> timings, int batch)
      throws IOException {
    var work = TokenWork.of(model);
    var dtype = model.transformer().dtype();
    try (var _ = Torch.inference()) {
      var ceilings = CeilingProbe.measured(model.transformer().holding().placement().first());
      return new StudyProfile(
          ceilings,
          timings.stream().map(timing -> stage(timing, work, dtype, batch, ceilings)).toList());
    }
  }

  private static Stage stage(
      StageTiming timing, TokenWork work, DType dtype, int batch, Ceilings ceilings) {
    boolean writes = WRITING.contains(timing.stage());
    double flop = 2.0 * (writes ? work.all() : work.blocks()) * timing.tokens();
    double bytes = (double) timing.tokens() / batch * work.bytes();
    return new Stage(
        timing.stage(),
        timing.seconds(),
        timing.tokens(),
        flop,
        flop / timing.seconds() / ceilings.gemm(dtype),
        writes ? OptionalDouble.of(bytes) : OptionalDouble.empty(),
        writes
            ? OptionalDouble.of(bytes / timing.seconds() / ceilings.dramRead())
            : OptionalDouble.empty());
  }
}
