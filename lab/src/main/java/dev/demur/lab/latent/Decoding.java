package dev.demur.lab.latent;

import dev.demur.lab.Seeds;
import dev.demur.lab.coherence.CoherenceProbe;
import dev.demur.lab.coherence.Corpus;
import dev.demur.lab.coherence.CrossEntropy;
import dev.demur.lab.coherence.PassageScores;
import dev.demur.lab.judge.Answer;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Labels;
import dev.demur.lab.judge.OutputFault;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.latent.LatentResult.DecodedRow;
import dev.demur.lab.latent.LatentResult.JudgedRate;
import dev.demur.lab.latent.LatentResult.Tail;
import dev.demur.lab.prompts.PromptSampler;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Stage;
import dev.demur.lab.stats.Rate;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Passage;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The stage that writes and judges the answers of one kind of prompts from one layer.
///
/// @param how long answers are, and whether texts are kept
/// @param layer first block left out; the number of layers leaves none out
/// @param tail what stands before the final norm
/// @param asked the prompts
/// @param panel who judges
/// @param seed decides how coordinates are shuffled
record Decoding(
    ChatModel model,
    ModelIdentity identity,
    EarlyDecoding how,
    int layer,
    Tail tail,
    AskedPrompts asked,
    Panel panel,
    long seed)
    implements Stage.OfRows<DecodedAnswer> {

  /// Answers written side by side; what a stopped run loses at most.
  private static final int TOGETHER = 32;

  @Override
  public String name() {
    return "latent-decoding";
  }

  @Override
  public Object inputs() {
    return List.of(
        identity,
        layer,
        tail,
        tail == Tail.SHUFFLED ? seed : 0,
        asked.texts(),
        how.maxNewTokens(),
        how.texts(),
        panel.versions());
  }

  @Override
  public Class<DecodedAnswer> type() {
    return DecodedAnswer.class;
  }

  @Override
  public String title() {
    String from = "decode " + asked.name() + " from layer " + layer;
    return tail == Tail.SHUFFLED ? from + ", shuffled" : from;
  }

  @Override
  public int size() {
    return asked.prompts().size();
  }

  @Override
  public int place(DecodedAnswer answer) {
    return answer.index();
  }

  @Override
  public long make(MissingRows<DecodedAnswer> missing) throws IOException {
    missing.inGroups(TOGETHER, (places, rows) -> answers(places).forEach(rows));
    return missing.added().stream().mapToLong(DecodedAnswer::tokens).sum();
  }

  /// The answers counted.
  DecodedRow row(List<DecodedAnswer> answers) {
    int tokens = answers.stream().mapToInt(DecodedAnswer::tokens).sum();
    double nats = answers.stream().mapToDouble(DecodedAnswer::nats).sum();
    int texts = Math.toIntExact(answers.stream().filter(a -> a.tokens() > 0).count());
    return new DecodedRow(
        layer,
        tail,
        asked.name(),
        panel.names().stream().flatMap(judge -> rate(judge, answers).stream()).toList(),
        Rate.of(answers, answer -> answer.fault() != OutputFault.NONE),
        (double) tokens / answers.size(),
        tokens == 0 ? Optional.empty() : Optional.of(new CrossEntropy(texts, tokens, nats)));
  }

  private static Optional<JudgedRate> rate(String judge, List<DecodedAnswer> answers) {
    var labels =
        answers.stream().flatMap(a -> Optional.ofNullable(a.refused().get(judge)).stream());
    var judged = labels.toList();
    return judged.isEmpty()
        ? Optional.empty()
        : Optional.of(new JudgedRate(judge, Rate.of(judged, refused -> refused)));
  }

  private List<DecodedAnswer> answers(List<Integer> places) {
    var prompts = places.stream().map(asked.tokens()::get).toList();
    var options = model.greedy(how.maxNewTokens(), TOGETHER);
    var written =
        new Generator(model.transformer().endingBefore(layer), options, tailPlan())
            .complete(prompts, _ -> {}).stream().map(c -> c.tokens()).toList();
    var texts = written.stream().map(this::text).toList();
    var nats = nats(prompts, written);
    var labels = labels(places, texts);
    return IntStream.range(0, places.size())
        .mapToObj(
            i ->
                new DecodedAnswer(
                    places.get(i),
                    labels.getOrDefault(i, Map.of()),
                    OutputFault.of(texts.get(i)),
                    written.get(i).size(),
                    nats.get(i),
                    how.texts() == EarlyDecoding.Texts.KEPT
                        ? Optional.of(texts.get(i))
                        : Optional.empty()))
        .toList();
  }

  /// The answer as text. A tail that knows nothing also chooses rows of the unembedding that belong
  /// to no token; they have no text.
  private String text(TokenIds written) {
    int known = model.tokenizer().size();
    var ids = written.stream().filter(id -> id < known).boxed().toList();
    return Answer.of(model.tokenizer().decode(TokenIds.of(ids))).text();
  }

  /// What is done before the final norm.
  private HookPlan tailPlan() {
    return switch (tail) {
      case NONE -> HookPlan.none();
      case SHUFFLED -> {
        int width = model.config().dModel();
        var order = new PromptSampler.Seeded(new Seeds(seed)).indices("latent-tail", width, width);
        var places = Tensor.ofIndices(order.stream().mapToInt(Integer::intValue));
        yield HookPlan.none()
            .edit(new HookPoint(layer - 1, Site.RESID_POST), x -> x.select(1, places));
      }
    };
  }

  /// −ln p of each answer under the whole model.
  private List<Double> nats(List<TokenIds> prompts, List<TokenIds> written) {
    var passages =
        IntStream.range(0, prompts.size())
            .mapToObj(i -> new Passage(prompts.get(i).plus(written.get(i)), prompts.get(i).size()))
            .toList();
    if (written.stream().allMatch(answer -> answer.size() == 0)) {
      return written.stream().map(_ -> 0.0).toList();
    }
    return CoherenceProbe.of(
            model.forward(), List.of(HookPlan.none()), CoherenceProbe.Divergence.LEFT_OUT)
        .run(new Corpus("decoded", Corpus.Kind.OWN, passages))
        .stream()
        .map(PassageScores::nats)
        .map(List::getFirst)
        .toList();
  }

  private Map<Integer, Map<String, Boolean>> labels(List<Integer> places, List<String> texts) {
    var completions =
        IntStream.range(0, places.size())
            .mapToObj(
                i -> Completion.of(asked.prompts().get(places.get(i)).instruction(), texts.get(i)))
            .toList();
    Map<Integer, Map<String, Boolean>> labels = new LinkedHashMap<>();
    for (var label : Labels.of(panel.judges(), completions)) {
      labels
          .computeIfAbsent(label.row(), _ -> new LinkedHashMap<>())
          .put(label.judge(), label.verdict().refusal().refuses());
    }
    return labels;
  }
}
