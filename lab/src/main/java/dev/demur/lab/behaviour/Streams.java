package dev.demur.lab.behaviour;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.prompts.Sample;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.TokenIds;
import java.util.Arrays;
import java.util.List;

/// What entered every block of a model at the template's last tokens, prompt by prompt.
///
/// @param harmful float32 `[prompt, pos, layer, d_model]` of prompts that show the behaviour
/// @param harmless the same of prompts that do not
/// @param harmfulLogits `[prompt, d_vocab]` at the last token
/// @param harmlessLogits `[prompt, d_vocab]` at the last token
record Streams(Tensor harmful, Tensor harmless, Tensor harmfulLogits, Tensor harmlessLogits) {

  /// Reads a model's prompts. Make it inside the scope that is to own the memory.
  ///
  /// @param plan edits of the pass
  static Streams of(ChatModel model, BehaviourPrompts prompts, HookPlan plan) {
    var harmful = pass(model, prompts.readHarmful(), plan);
    var harmless = pass(model, prompts.readHarmless(), plan);
    return new Streams(harmful.values(), harmless.values(), harmful.logits(), harmless.logits());
  }

  /// x·r̂ of each prompt where the direction was read, in the unedited model.
  static List<Double> along(ChatModel model, Sample sample, Direction direction) {
    try (var _ = Scope.open()) {
      var values = pass(model, sample, HookPlan.none()).values();
      return along(values, direction, direction.source().layer());
    }
  }

  private static PromptActivations pass(ChatModel model, Sample sample, HookPlan plan) {
    return PromptActivations.of(
        model.forward(), tokensOf(model, sample), model.prompts().eoiTokens().size(), plan);
  }

  static List<TokenIds> tokensOf(ChatModel model, Sample sample) {
    return sample.instructions().stream().map(model::prompt).map(Prompt::tokens).toList();
  }

  /// Positions read, from −1 backwards.
  int positions() {
    return Math.toIntExact(harmful.dim(1));
  }

  /// Differences of means at every place.
  CandidateGrid grid() {
    return CandidateGrid.between(PromptActivations.mean(harmful), PromptActivations.mean(harmless));
  }

  /// Streams of one kind of prompts at one place, float64 `[prompt, d_model]`; a copy.
  private static Tensor at(Tensor values, Candidate place) {
    return values
        .narrow(1, place.position() + values.dim(1), 1)
        .narrow(2, place.layer(), 1)
        .reshape(values.dim(0), -1)
        .to(DType.F64);
  }

  /// x·r̂ of each prompt that shows the behaviour, entering a layer.
  List<Double> harmfulAlong(Direction direction, int layer) {
    return along(harmful, direction, layer);
  }

  /// x·r̂ of each prompt that does not, entering a layer.
  List<Double> harmlessAlong(Direction direction, int layer) {
    return along(harmless, direction, layer);
  }

  private static List<Double> along(Tensor values, Direction direction, int layer) {
    try (var _ = Scope.open()) {
      var rows = at(values, new Candidate(direction.position(), layer));
      var unit = direction.unit().to(DType.F64);
      return Arrays.stream(rows.dotRows(unit).toDoubles()).boxed().toList();
    }
  }

  /// ‖M‖²_F / ‖M‖²₂ of the matrix M whose rows are what each prompt that shows the behaviour has
  /// beyond the mean of those that do not: 1 when all differ along one direction.
  double stableRank(Candidate place) {
    try (var _ = Scope.open()) {
      var others = at(harmless, place);
      return stableRank(at(harmful, place).minus(others.mean(0)));
    }
  }

  /// ‖M‖²_F / ‖M‖²₂.
  ///
  /// @param rows float64 `[n, d_model]`, not all zero
  static double stableRank(Tensor rows) {
    var small = rows.dim(0) <= rows.dim(1);
    var gram = small ? rows.matmul(rows.transpose(0, 1)) : rows.transpose(0, 1).matmul(rows);
    var values = Eigen.ofSymmetric(gram).values();
    return values.sum().item() / values.row(values.dim(0) - 1).item();
  }
}
