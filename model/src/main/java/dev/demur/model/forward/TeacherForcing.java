package dev.demur.model.forward;

import dev.demur.model.hook.Copies;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/// Logits along given texts, under several plans side by side. A passage's tokens before the first
/// predicted one are its prompt, and positions count from their end.
///
/// Logits are formed only where a token is predicted, a block of rows at a time: memory does not
/// grow with the length of a text except for the streams of one batch. Passages with the same input
/// (the choices of a question, one token each) are run once, and so is a prefix that all share.
///
/// @param forward the model and how it batches
/// @param plans what is read and edited in each run; at least one, without probes
/// @param rows logits formed at once of each plan
public record TeacherForcing(Forward forward, List<HookPlan> plans, int rows) {

  /// Floats of one block of logits: 128 MiB, 220 rows over 152,000 tokens. An unembedding in
  /// bfloat16 is widened once a block, so blocks of a few rows would be slow.
  private static final int BLOCK = 1 << 25;

  public TeacherForcing {
    plans = List.copyOf(plans);
    if (plans.isEmpty()) {
      throw new IllegalArgumentException("at least one plan is needed");
    }
    if (!plans.stream().allMatch(HookPlan::hasNoProbes)) {
      throw new IllegalArgumentException("passages are run in parts, which probes cannot follow");
    }
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be >= 1, was " + rows);
    }
  }

  /// In blocks of a size that does not strain memory.
  public static TeacherForcing of(Forward forward, List<HookPlan> plans) {
    int vocab = forward.transformer().config().dVocab();
    return new TeacherForcing(forward, plans, Math.max(1, BLOCK / vocab));
  }

  /// Shows the logits that predict the tokens of `passages`, each exactly once, in an order that
  /// depends on how they were batched.
  ///
  /// @throws NumericException if a logit is NaN or infinite
  public void run(List<Passage> passages, LogitReader reader) {
    var inputs = inputs(passages);
    if (inputs.isEmpty()) {
      return;
    }
    var texts = inputs.keySet().stream().map(Input::tokens).toList();
    forward.limit().requireReadable(texts);
    var prompts = inputs.keySet().stream().map(Input::prompt).toList();
    var owners = List.copyOf(inputs.values());
    int first =
        passages.stream().filter(p -> p.predicted() > 0).mapToInt(Passage::from).min().orElse(1);
    int shared = forward.commonPrefix(texts, Math.max(0, first - Math.max(1, ownTokens())));
    var copies = new Copies(1, texts.size());
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      var pasts =
          plans.stream().map(plan -> forward.beginning(texts, shared, copies, plan)).toList();
      for (var whole : forward.batches(texts, shared)) {
        var batch = whole.withWritten(written(whole, texts, prompts));
        try (var _ = Scope.open()) {
          var streams =
              IntStream.range(0, plans.size())
                  .mapToObj(i -> forward.through(batch, pasts.get(i), plans.get(i)))
                  .toList();
          show(streams, places(batch, shared, owners, passages), reader);
        }
      }
    }
  }

  private int ownTokens() {
    return plans.stream().mapToInt(HookPlan::ownTokens).max().orElse(0);
  }

  /// What the model has to see for some passages.
  ///
  /// @param prompt how many of the tokens come before those predicted; all of them where no plan
  ///   asks, so that passages which differ in nothing else share a run
  private record Input(TokenIds tokens, int prompt) {}

  /// Which passages each distinct input serves.
  private LinkedHashMap<Input, List<Integer>> inputs(List<Passage> passages) {
    boolean alike = plans.stream().noneMatch(HookPlan::asksPositions);
    var inputs = new LinkedHashMap<Input, List<Integer>>();
    for (int i = 0; i < passages.size(); i++) {
      var passage = passages.get(i);
      if (passage.predicted() > 0) {
        var input = passage.input();
        int prompt = alike ? input.size() : passage.from();
        inputs.computeIfAbsent(new Input(input, prompt), _ -> new ArrayList<>()).add(i);
      }
    }
    return inputs;
  }

  /// How many tokens of each sequence lie behind its prompt.
  private static List<Integer> written(
      Forward.Batch batch, List<TokenIds> texts, List<Integer> prompts) {
    return batch.rows().sequences().stream()
        .map(i -> texts.get(i).size() - prompts.get(i))
        .toList();
  }

  /// A token to predict and the row of the packed stream that predicts it.
  private record Place(int row, Target target) {}

  private static List<Place> places(
      Forward.Batch batch, int shared, List<List<Integer>> owners, List<Passage> passages) {
    var places = new ArrayList<Place>();
    var rows = batch.rows();
    for (int i = 0; i < rows.size(); i++) {
      for (int owner : owners.get(rows.sequences().get(i))) {
        var passage = passages.get(owner);
        for (int index = passage.from(); index < passage.tokens().size(); index++) {
          places.add(
              new Place(
                  rows.offsets().get(i) + index - 1 - shared,
                  new Target(owner, index, passage.tokens().get(index))));
        }
      }
    }
    return places;
  }

  private void show(List<Tensor> streams, List<Place> places, LogitReader reader) {
    for (int start = 0; start < places.size(); start += rows) {
      var block = places.subList(start, Math.min(places.size(), start + rows));
      try (var _ = Scope.open()) {
        var wanted = Tensor.ofIndices(block.stream().mapToInt(Place::row));
        reader.read(
            block.stream().map(Place::target).toList(),
            streams.stream()
                .map(s -> Forward.checked(forward.transformer().unembed(s.rows(wanted))))
                .toList());
      }
    }
  }

  /// A token that is predicted.
  ///
  /// @param passage index of the passage
  /// @param index index of the token in it, at least 1
  /// @param token its id
  public record Target(int passage, int index, int token) {}

  /// Is shown logits as they come.
  @FunctionalInterface
  public interface LogitReader {

    /// @param targets the tokens predicted, one a row
    /// @param logits for each plan `[rows, d_vocab]`, float32; valid during the call
    void read(List<Target> targets, List<Tensor> logits);
  }
}
