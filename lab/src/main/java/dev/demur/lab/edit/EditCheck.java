package dev.demur.lab.edit;

import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// An edited model compared with the source model under hooks that stand for the edit.
///
/// @param expectation how close the two can be
/// @param difference largest |Δlogit| at any token of any prompt
/// @param largest largest |logit| under hooks
/// @param likeliest tokens of the prompts after which both think the same token likeliest
/// @param continuations prompts that both continue in the same way, greedily
/// @param leftover largest |x·r̂| / ‖x‖ of what the edited writers write; 0 when everything along
///   r̂ is gone
public record EditCheck(
    Expectation expectation,
    double difference,
    double largest,
    Rate likeliest,
    Rate continuations,
    double leftover) {

  /// The bound for float32, relative to the largest logit.
  public static final double TOLERANCE = 1e-4;

  private static final int BATCH = 8;

  /// Made up, mild, of different kinds: what hooks and weights do to ordinary text is the same as
  /// what they do to any other.
  public static final List<String> NEUTRAL_PROMPTS =
      List.of(
          "How do I bake a loaf of bread?",
          "Name three rivers in Europe.",
          "Explain in one sentence why the sky is blue.",
          "Write a short poem about a cat.",
          "What is 17 times 23?",
          "Translate \"good morning\" into French.",
          "Give me advice on how to repot a plant.",
          "List the first five prime numbers.");

  /// How close edited weights can be to hooks.
  public enum Expectation {
    /// All arithmetic is in float32: within [#TOLERANCE].
    EQUAL("the same computation in float32: equal to rounding"),
    /// Weights are stored or held in fewer bits: equal except for that rounding.
    ROUNDED("the same computation, but weights are rounded to fewer bits than float32"),
    /// A norm stands between the matrices and the stream (Gemma 2 and 3, OLMo-2).
    POST_NORM(
        "cannot be equal: this family normalises what is written, so no edit of the"
            + " weights is ablation; what must hold is that nothing along the direction enters"
            + " the stream"),
    /// Columns of matrices got their old lengths back.
    LENGTHS_KEPT(
        "cannot be equal: the edit gave columns their old lengths back, which no hook does; what"
            + " must hold is that nothing along the direction enters the stream"),
    /// The unembedding was edited with the embedding it is tied to.
    UNEMBEDDING_EDITED(
        "cannot be equal: the unembedding is tied to the embedding and was edited with it");

    private final String sentence;

    Expectation(String sentence) {
      this.sentence = sentence;
    }

    /// In words.
    public String sentence() {
      return sentence;
    }
  }

  /// What a model says to the prompts.
  ///
  /// @param logits after each token of each prompt, `[pos, d_vocab]`
  /// @param greedy how it goes on
  /// @param leftover as in [EditCheck]
  record Answers(List<Tensor> logits, List<TokenIds> greedy, double leftover) {}

  /// How the comparison is run.
  ///
  /// @param prompts instructions; raw text for a model without a chat template
  /// @param newTokens length of the greedy continuations
  public record Settings(List<String> prompts, int newTokens) {

    public Settings {
      prompts = List.copyOf(prompts);
      if (prompts.isEmpty()) {
        throw new IllegalArgumentException("there is no prompt to compare the models on");
      }
    }
  }

  /// Opens one of the two models; the first is closed before the second is opened.
  @FunctionalInterface
  public interface Opener {
    ChatModel open() throws IOException;
  }

  /// Compares two models.
  ///
  /// @param record what was done to `edited`; it must tell of `edit`
  public static EditCheck run(
      Opener source, Opener edited, WeightEdit edit, EditRecord record, Settings settings)
      throws IOException {
    try (var _ = Scope.open()) {
      Answers hooks;
      try (var model = source.open()) {
        hooks = answers(model, edit.hooks(model.config().nLayers()), settings, edit);
      }
      try (var model = edited.open()) {
        var weights = answers(model, HookPlan.none(), settings, edit);
        return compare(expectation(model, edit, record), hooks, weights);
      }
    }
  }

  private static Expectation expectation(ChatModel edited, WeightEdit edit, EditRecord record)
      throws IOException {
    var writers = Writers.of(edited.files()).tensors();
    if (writers.stream().anyMatch(w -> w.after().isPresent())) {
      return Expectation.POST_NORM;
    }
    if (edit instanceof WeightEdit.Orthogonalize o && o.lengths() == WeightEdit.Lengths.KEPT) {
      return Expectation.LENGTHS_KEPT;
    }
    if (record.isUnembeddingEdited()) {
      return Expectation.UNEMBEDDING_EDITED;
    }
    boolean rounded = edited.transformer().dtype() != DType.F32;
    for (var writer : writers) {
      // What was not edited is the same in both models, in however few bits.
      boolean changed =
          switch (edit) {
            case WeightEdit.Orthogonalize o -> o.reach().covers(writer);
            case WeightEdit.Shift _ -> writer.isBias();
          };
      rounded |= changed && !edited.files().weights().info(writer.tensor()).type().equals("F32");
    }
    return rounded ? Expectation.ROUNDED : Expectation.EQUAL;
  }

  private static Answers answers(
      ChatModel model, HookPlan plan, Settings settings, WeightEdit edit) {
    var prompts = settings.prompts.stream().map(text -> tokens(model, text)).toList();
    var left = new Leftover();
    var watched = left.watch(plan, edit, model.config().nLayers());
    var logits = new ArrayList<Tensor>();
    for (var prompt : prompts) {
      // A tensor of a closed model must not be looked at.
      logits.add(model.forward().logits(prompt, watched).copy());
    }
    var options = model.greedy(settings.newTokens, BATCH);
    var greedy =
        new Generator(model.transformer(), options, plan)
            .complete(prompts, _ -> {}).stream().map(c -> c.tokens()).toList();
    return new Answers(logits, greedy, left.most);
  }

  private static TokenIds tokens(ChatModel model, String text) {
    return model.prompts().hasTemplate()
        ? model.prompt(text).tokens()
        : model.tokenizer().encodeWithSpecialTokens(text);
  }

  private static EditCheck compare(Expectation expectation, Answers hooks, Answers weights) {
    double difference = 0;
    double largest = 0;
    long same = 0;
    long tokens = 0;
    int continued = 0;
    for (int i = 0; i < hooks.logits.size(); i++) {
      var one = hooks.logits.get(i);
      var other = weights.logits.get(i);
      difference = Math.max(difference, one.minus(other).abs().max());
      largest = Math.max(largest, one.abs().max());
      long[] left = one.argmax().toLongs();
      long[] right = other.argmax().toLongs();
      for (int at = 0; at < left.length; at++) {
        same += left[at] == right[at] ? 1 : 0;
      }
      tokens += left.length;
      continued += hooks.greedy.get(i).equals(weights.greedy.get(i)) ? 1 : 0;
    }
    return new EditCheck(
        expectation,
        difference,
        largest,
        new Rate(Math.toIntExact(same), Math.toIntExact(tokens)),
        new Rate(continued, hooks.logits.size()),
        weights.leftover);
  }

  /// |Δlogit| relative to the largest logit.
  public double relative() {
    return largest == 0 ? difference : difference / largest;
  }

  /// Whether the edit does what it should, as far as a bound can be named.
  public boolean holds() {
    return expectation != Expectation.EQUAL || relative() <= TOLERANCE;
  }

  /// Watches how much of r̂ is in what the edited writers write: a probe, as of all rows of all
  /// layers only the largest share is wanted. Changed by every pass.
  private static final class Leftover {
    private double most;

    HookPlan watch(HookPlan plan, WeightEdit edit, int layers) {
      if (!(edit instanceof WeightEdit.Orthogonalize o)) {
        return plan;
      }
      var unit = o.direction().unit();
      var watched = plan;
      if (o.reach().embeddings()) {
        watched = watched.probe(new HookPoint(0, Site.RESID_PRE), (x, _) -> look(x, unit));
      }
      for (int layer = 0; layer < layers; layer++) {
        if (o.reach().covers(Component.ATTENTION, layer)) {
          watched = watched.probe(new HookPoint(layer, Site.ATTN_OUT), (x, _) -> look(x, unit));
        }
        if (o.reach().covers(Component.MLP, layer)) {
          watched = watched.probe(new HookPoint(layer, Site.MLP_OUT), (x, _) -> look(x, unit));
        }
      }
      return watched;
    }

    private void look(Tensor x, Tensor unit) {
      var lengths = x.square().sum(1).sqrt().plus(Double.MIN_NORMAL);
      most = Math.max(most, x.dotRows(unit).abs().dividedBy(lengths).max());
    }
  }
}
