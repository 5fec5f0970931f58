package dev.demur.lab.explain;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.explain.Anatomy.ComponentShare;
import dev.demur.lab.explain.Anatomy.GrowthPoint;
import dev.demur.lab.explain.Anatomy.LensRow;
import dev.demur.lab.explain.Anatomy.TokenChance;
import dev.demur.lab.explain.Anatomy.TokenReading;
import dev.demur.lab.explain.Anatomy.VariantOutcome;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.steer.Treatment;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Activations;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.Prompt.Region;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Looks at one prompt: what its stream holds of a direction at every token and layer, who wrote
/// it, what the model would say at each layer, and what interventions change.
///
/// Belongs to the scope it was made in.
public final class Microscope {

  /// Tokens shown of each distribution.
  private static final int LIKELIEST = 3;

  /// Tokens shown of each head.
  private static final int SOURCES = 5;

  /// A long prompt is cut behind every second, third, … of its tokens: each cut is a pass.
  private static final int MOST_CUTS = 64;

  /// Long enough to see whether an answer refuses.
  private static final int ANSWER_TOKENS = 24;

  private final ChatModel model;
  private final Direction direction;
  private final Set<Integer> refusalTokens;
  private final int heads;

  /// @param heads how many heads are told
  /// @throws IllegalArgumentException if a layer of the model has no attention
  public Microscope(ChatModel model, Direction direction, Set<Integer> refusalTokens, int heads) {
    model.transformer().requireAttention("an explanation");
    this.model = model;
    this.direction = direction;
    this.refusalTokens = Set.copyOf(refusalTokens);
    this.heads = heads;
  }

  /// Looks at a prompt.
  ///
  /// @param treatments ways of running the model, in the order they are shown
  public Anatomy look(Prompt prompt, List<Treatment> treatments) {
    var capture = DirectionReader.streams(model.config().nLayers()).withoutLogits();
    try (var _ = Scope.open();
        var streams = model.run(List.of(prompt), capture, HookPlan.none())) {
      var reading =
          new DirectionReader(model, direction.unit(), refusalTokens, 1)
              .read("prompt", List.of(0), List.of(prompt))
              .getFirst();
      var top = reading.strongestHeads(heads);
      var attention = new AttentionReader(model, direction.unit(), top, SOURCES);
      return new Anatomy(
          model.name(),
          model.config().nLayers(),
          direction.source().layer(),
          refusalTokens.stream().sorted().map(model.tokenizer()::token).toList(),
          reading.score(),
          tokens(prompt, streams),
          growth(prompt),
          lens(streams),
          components(reading),
          attention.read("prompt", 0, prompt).heads(),
          treatments.stream().map(treatment -> outcome(treatment, prompt)).toList());
    }
  }

  private static List<ComponentShare> components(PromptReading reading) {
    var all = new ArrayList<ComponentShare>();
    all.add(new ComponentShare(Component.embedding(), reading.embedding()));
    for (int layer = 0; layer < reading.mlps().size(); layer++) {
      if (reading.biases().get(layer) != 0) {
        var bias = Component.attentionBias(layer);
        all.add(new ComponentShare(bias, reading.share(bias)));
      }
      var mlp = Component.mlp(layer);
      all.add(new ComponentShare(mlp, reading.share(mlp)));
    }
    return all;
  }

  /// Scores of the prompt cut behind each token of the user's words.
  private List<GrowthPoint> growth(Prompt prompt) {
    var words =
        IntStream.range(0, prompt.length())
            .filter(i -> isUsers(prompt.regions().get(i)))
            .boxed()
            .toList();
    if (words.isEmpty()) {
      return List.of();
    }
    int first = words.getFirst();
    var end = prompt.tokens().slice(words.getLast() + 1, prompt.length());
    int every = Math.ceilDiv(words.size(), MOST_CUTS);
    var cuts = new ArrayList<Integer>();
    for (int cut = words.getLast(); cut > first - 1; cut -= every) {
      cuts.addFirst(cut);
    }
    cuts.addFirst(first - 1);
    var prompts =
        cuts.stream()
            .map(cut -> prompt.tokens().slice(0, cut + 1).plus(end))
            .filter(ids -> !ids.isEmpty())
            .toList();
    var scores = scores(prompts);
    var texts = texts(prompt);
    var points = new ArrayList<GrowthPoint>();
    int skipped = cuts.size() - prompts.size();
    for (int i = 0; i < prompts.size(); i++) {
      int cut = cuts.get(i + skipped);
      points.add(new GrowthPoint(cut, cut < first ? "" : texts.get(cut), scores.get(i)));
    }
    return points;
  }

  private static boolean isUsers(Region region) {
    return region == Region.INSTRUCTION || region == Region.SUFFIX;
  }

  private List<Double> scores(List<TokenIds> prompts) {
    try (var _ = Scope.open()) {
      return RefusalScore.of(model.forward().lastLogits(prompts, HookPlan.none()), refusalTokens);
    }
  }

  /// Source: nostalgebraist 2020, "interpreting GPT: the logit lens".
  private List<LensRow> lens(Activations streams) {
    var rows = new ArrayList<LensRow>();
    for (int layer = 0; layer <= model.config().nLayers(); layer++) {
      try (var _ = Scope.open()) {
        var stream = stream(streams, layer);
        var logits = model.transformer().logits(stream.narrow(0, stream.dim(0) - 1, 1));
        rows.add(
            new LensRow(
                layer, RefusalScore.of(logits, refusalTokens).getFirst(), likeliest(logits)));
      }
    }
    return rows;
  }

  private VariantOutcome outcome(Treatment treatment, Prompt prompt) {
    try (var _ = Scope.open()) {
      var plan = treatment.policy().plan(model.config().nLayers());
      var logits = model.forward().lastLogits(List.of(prompt.tokens()), plan);
      var generator = new Generator(model.transformer(), model.greedy(ANSWER_TOKENS, 1), plan);
      var answer = generator.complete(List.of(prompt.tokens()), _ -> {}).getFirst();
      return new VariantOutcome(
          treatment.variant(),
          RefusalScore.of(logits, refusalTokens).getFirst(),
          likeliest(logits),
          model.tokenizer().decode(answer.tokens()).strip());
    }
  }

  /// @param logits `[1, d_vocab]`
  private List<TokenChance> likeliest(Tensor logits) {
    double[] chances = logits.row(0).to(DType.F64).softmax().toDoubles();
    return Arrays.stream(logits.row(0).topIndices(LIKELIEST).toLongs())
        .mapToObj(id -> new TokenChance(model.tokenizer().text((int) id), chances[(int) id]))
        .toList();
  }

  /// Characters of each token.
  private List<String> texts(Prompt prompt) {
    var spans = model.tokenizer().encodeWithSpans(prompt.text()).spans();
    return spans.stream().map(span -> prompt.text().substring(span.from(), span.to())).toList();
  }

  private List<TokenReading> tokens(Prompt prompt, Activations streams) {
    var texts = texts(prompt);
    var projections = new ArrayList<double[]>();
    var cosines = new ArrayList<double[]>();
    for (int layer = 0; layer <= model.config().nLayers(); layer++) {
      try (var _ = Scope.open()) {
        var stream = stream(streams, layer); // [pos, d_model]
        var along = stream.dotRows(direction.unit());
        projections.add(along.toDoubles());
        cosines.add(along.to(DType.F64).dividedBy(lengths(stream)).toDoubles());
      }
    }
    return IntStream.range(0, prompt.length())
        .mapToObj(
            t ->
                new TokenReading(
                    prompt.tokens().get(t),
                    texts.get(t),
                    prompt.regions().get(t),
                    projections.stream().map(layer -> layer[t]).toList(),
                    cosines.stream().map(layer -> layer[t]).toList()))
        .toList();
  }

  private static Tensor lengths(Tensor stream) {
    return stream.square().sum(1).sqrt().to(DType.F64);
  }

  /// The stream of the prompt behind so many blocks, `[pos, d_model]`.
  private Tensor stream(Activations streams, int layer) {
    return streams.get(DirectionReader.stream(layer, model.config().nLayers()), 0);
  }
}
