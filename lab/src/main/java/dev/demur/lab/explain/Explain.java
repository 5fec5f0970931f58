package dev.demur.lab.explain;

import dev.demur.lab.Seeds;
import dev.demur.lab.Sha256;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.explain.Explanation.PromptCounts;
import dev.demur.lab.explain.Explanation.Subject;
import dev.demur.lab.explain.PaperFigures.MainAxis;
import dev.demur.lab.explain.PaperFigures.SteeredCondition;
import dev.demur.lab.latent.Latent;
import dev.demur.lab.latent.LatentQuestions;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Stage;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Explains over many prompts why a model refuses, and what suffixes change about it.
///
/// ```java
/// var explanation = Explain.of(model, direction, data, ExplainConfig.paper()).run(store, progress);
/// ```
///
/// Each prompt is read once under every condition, then once more for what the chosen heads look
/// at; readings are remembered by the store, so that a run that was stopped continues where it
/// stopped.
public final class Explain {

  /// Prompts read between two rows of progress.
  private static final int CHUNK = 16;

  /// Tokens remembered of each head and prompt.
  private static final int SOURCES = 12;

  private final ChatModel model;
  private final Optional<Base> base;
  private final Direction direction;
  private final ExplainData data;
  private final ExplainConfig config;
  private final LatentQuestions latent;
  private final int positions;
  private final int readout;

  private Explain(
      ChatModel model,
      Optional<Base> base,
      Direction direction,
      ExplainData data,
      ExplainConfig config,
      LatentQuestions latent) {
    model.transformer().requireAttention("an explanation");
    this.model = model;
    this.base = base;
    this.direction = direction;
    this.data = data;
    this.config = config;
    this.latent = latent;
    latent.require(model.config().nLayers());
    this.positions = model.prompts().eoiTokens().size();
    this.readout = config.readout().orElse(model.config().nLayers());
    if (readout > model.config().nLayers()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "readout must be 1 to %d, the model's layers, was %d",
              model.config().nLayers(),
              readout));
    }
  }

  /// An explanation that has not begun.
  ///
  /// @throws IllegalArgumentException if the readout is not a layer of the model, or a layer has no
  ///   attention
  public static Explain of(
      ChatModel model, Direction direction, ExplainData data, ExplainConfig config) {
    return new Explain(model, Optional.empty(), direction, data, config, LatentQuestions.none());
  }

  /// A base model, and how it is read.
  private record Base(ChatModel model, BaseReading reading) {}

  /// The same with the direction measured in the base model as well, read as in the paper.
  public Explain against(ChatModel other) {
    return against(other, BaseReading.NEWLINE);
  }

  /// The same with the direction measured in the base model as well.
  public Explain against(ChatModel other, BaseReading reading) {
    var against = Optional.of(new Base(other, reading));
    return new Explain(model, against, direction, data, config, latent);
  }

  /// The same with the lower layers asked what they hold of the refused and the harmless prompts.
  ///
  /// @throws IllegalArgumentException if the model does not have the layers
  public Explain asking(LatentQuestions questions) {
    return new Explain(model, base, direction, data, config, questions);
  }

  /// Runs it, or what an earlier run in the same store has left of it.
  ///
  /// @throws IllegalArgumentException if fewer than two prompts are refused as they are
  public Explanation run(RunStore store, Progress progress) throws IOException {
    try (var _ = Scope.open()) {
      return new Running(store, progress).run();
    }
  }

  private final class Running {
    private final RunStore store;
    private final Progress progress;
    private final ModelIdentity identity;
    private final String unit;

    Running(RunStore store, Progress progress) throws IOException {
      this.store = store;
      this.progress = progress;
      this.identity = ModelIdentity.of(model);
      this.unit = Sha256.of(direction.unit().contiguous().segment().toArray(ValueLayout.JAVA_BYTE));
    }

    Explanation run() throws IOException {
      var harmful = Posed.plain(Condition.plain(), model, first(data.harmful().instructions()));
      var harmless =
          Posed.plain(Condition.harmless(), model, first(data.harmless().instructions()));
      var tokens = refusalTokens(harmful, harmless);
      var reader = new DirectionReader(model, direction.unit(), tokens, positions);
      var all = read(reader, tokens, harmful);
      var refused = all.stream().filter(r -> r.score() > 0).map(PromptReading::prompt).toList();
      if (refused.size() < 2) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%d of %d prompts of %s are refused as they are, at least 2 are needed; give"
                    + " prompts the model refuses",
                refused.size(),
                all.size(),
                data.harmful().name()));
      }
      var posed = conditions(harmful.only(refused), harmless);
      var readings = new Readings();
      for (var one : posed) {
        boolean plain = one.condition().kind() == Condition.Kind.PLAIN;
        readings.add(one.condition(), plain ? only(all, refused) : read(reader, tokens, one));
      }
      var heads = readings.topHeads(config.heads(), readout);
      for (var one : posed) {
        readings.addAttention(one.condition(), attend(heads, one));
      }
      var counts =
          new PromptCounts(
              data.harmful().name(),
              all.size(),
              refused.size(),
              data.harmless().name(),
              harmless.prompts().size());
      var found =
          new Summarising(subject(tokens), counts, readings, heads)
              .explanation(
                  causal(posed, tokens, readings, heads),
                  geometry(posed.getFirst(), harmless),
                  base(harmful, posed.getFirst(), harmless, tokens),
                  axes(posed.getFirst(), harmless),
                  steered(posed.getFirst(), harmless, tokens));
      return latent.isEmpty()
          ? found
          : found.knowing(
              new Latent(model, latent)
                  .ask(posed.getFirst().asked(), harmless.asked(), store, progress));
    }

    private List<String> first(List<String> instructions) {
      return instructions.subList(0, Math.min(config.prompts(), instructions.size()));
    }

    private List<PromptReading> only(List<PromptReading> rows, List<Integer> indices) {
      return rows.stream().filter(row -> indices.contains(row.prompt())).toList();
    }

    /// All conditions of the prompts that count, plain first, harmless last.
    private List<Posed> conditions(Posed plain, Posed harmless) {
      var all = new ArrayList<Posed>();
      all.add(plain);
      int suffixes = data.suffixes().size();
      for (int i = 0; i < suffixes; i++) {
        var condition = Condition.suffix(i, suffixes, data.suffixes().get(i));
        all.add(plain.suffixed(condition, model.prompts()));
      }
      if (suffixes > 0 && config.randomSuffixes() > 0) {
        var draw = RandomSuffix.of(model.prompts());
        for (int i = 0; i < config.randomSuffixes(); i++) {
          all.add(all.get(1).random(Condition.random(i), draw, new Seeds(config.seed())));
        }
      }
      all.add(harmless);
      return all;
    }

    private Set<Integer> refusalTokens(Posed harmful, Posed harmless) throws IOException {
      if (!config.refusalTokens().isEmpty()) {
        return RefusalTokens.given(Set.copyOf(config.refusalTokens())).ids();
      }
      return once(
              "explain-tokens",
              List.of(harmful.texts(), harmless.texts()),
              RefusalTokens.class,
              _ -> {
                try (var _ = Scope.open()) {
                  var none = HookPlan.none();
                  return RefusalTokens.find(
                      model.forward().lastLogits(harmful.tokens(), none),
                      model.forward().lastLogits(harmless.tokens(), none));
                }
              })
          .ids();
    }

    private List<PromptReading> read(DirectionReader reader, Set<Integer> tokens, Posed posed)
        throws IOException {
      return store.get(
          new Stage.OfGroups<>(
              "explain-read",
              "read " + posed.condition().name(),
              inputs(
                  posed.condition(), posed.texts(), tokens.stream().sorted().toList(), positions),
              PromptReading.class,
              posed.size(),
              row -> posed.indices().indexOf(row.prompt()),
              CHUNK,
              (places, rows) ->
                  reader
                      .read(
                          posed.condition().name(),
                          places.stream().map(posed.indices()::get).toList(),
                          places.stream().map(posed.prompts()::get).toList())
                      .forEach(rows),
              _ -> 0),
          progress);
    }

    private List<HeadAttention> attend(List<Component> heads, Posed posed) throws IOException {
      var reader = new AttentionReader(model, direction.unit(), heads, SOURCES);
      return store.get(
          new Stage.OfGroups<>(
              "explain-attention",
              "attention " + posed.condition().name(),
              inputs(posed.condition(), posed.texts(), heads, SOURCES),
              HeadAttention.class,
              posed.size(),
              row -> posed.indices().indexOf(row.prompt()),
              1,
              (places, rows) -> {
                int i = places.getFirst();
                rows.accept(
                    reader.read(
                        posed.condition().name(), posed.indices().get(i), posed.prompts().get(i)));
              },
              _ -> 0),
          progress);
    }

    /// A value that is computed once.
    private <T> T once(String stage, List<?> inputs, Class<T> type, Stage.OfValue.Body<T> body)
        throws IOException {
      return store.get(new Stage.OfValue<>(stage, inputs(inputs.toArray()), type, body), progress);
    }

    private List<Object> inputs(Object... others) {
      return List.of(identity, unit, List.of(others));
    }

    private Optional<CausalResult> causal(
        List<Posed> posed, Set<Integer> tokens, Readings readings, List<Component> heads)
        throws IOException {
      var suffixed =
          posed.stream().filter(p -> p.condition().kind() == Condition.Kind.SUFFIX).findFirst();
      if (suffixed.isEmpty() || config.causalPrompts() < 2 || posed.getFirst().size() < 2) {
        return Optional.empty();
      }
      var plain = posed.getFirst().first(config.causalPrompts());
      var changed = suffixed.get().first(config.causalPrompts());
      var fallen = readings.fallen(changed.condition());
      var suggested = fallen.stream().map(Component::text).sorted().toList();
      var ids = tokens.stream().sorted().toList();
      return Optional.of(
          once(
              "explain-causal",
              List.of(plain.texts(), changed.texts(), heads, suggested, readout, ids),
              CausalResult.class,
              told ->
                  new CausalChecks(model, direction.unit(), tokens, readout)
                      .run(plain, changed, heads, fallen, told)));
    }

    private GeometryResult geometry(Posed plain, Posed harmless) throws IOException {
      var place = List.of(direction.source().toString(), direction.position());
      return once(
          "explain-geometry",
          List.of(plain.texts(), harmless.texts(), place),
          GeometryResult.class,
          _ -> new Geometry(model, direction).run(plain.prompts(), harmless.prompts()));
    }

    /// Main axes, as the store keeps them.
    private record Axes(List<MainAxis> rows) {}

    /// Conditions, as the store keeps them.
    private record Steered(List<SteeredCondition> rows) {}

    private List<MainAxis> axes(Posed plain, Posed harmless) throws IOException {
      var axes = new MainAxes(model, direction);
      return once(
              "explain-axes",
              List.of(plain.texts(), harmless.texts(), direction.position()),
              Axes.class,
              _ -> new Axes(axes.of(plain.prompts(), harmless.prompts())))
          .rows();
    }

    private List<SteeredCondition> steered(Posed plain, Posed harmless, Set<Integer> tokens)
        throws IOException {
      var ids = tokens.stream().sorted().toList();
      var place = List.of(direction.source().toString(), direction.norm());
      return once(
              "explain-steered",
              List.of(plain.texts(), harmless.texts(), place, ids),
              Steered.class,
              _ -> new Steered(new SteeredStreams(model, direction, tokens).of(plain, harmless)))
          .rows();
    }

    private Optional<BaseResult> base(
        Posed harmful, Posed refused, Posed harmless, Set<Integer> tokens) throws IOException {
      if (base.isEmpty()) {
        return Optional.empty();
      }
      var other = base.get().model();
      var reading = base.get().reading();
      var comparison = new BaseComparison(model, other, direction, tokens);
      var shown =
          switch (reading) {
            case NEWLINE -> reading.pose("harmful", harmful.instructions(), model, other);
            case TEMPLATE -> reading.pose("plain", refused.instructions(), model, other);
          };
      var others = reading.pose("harmless", harmless.instructions(), model, other);
      var inputs =
          List.of(
              reading,
              ModelIdentity.of(other),
              shown.texts(),
              others.texts(),
              direction.source().toString(),
              direction.norm(),
              tokens.stream().sorted().toList());
      return Optional.of(
          once(
              "explain-base",
              inputs,
              BaseResult.class,
              _ -> comparison.run(reading, shown, others)));
    }

    private Subject subject(Set<Integer> tokens) {
      var tokenizer = model.tokenizer();
      return new Subject(
          model.name(),
          identity.weights(),
          model.config().nLayers(),
          direction.source().layer(),
          direction.position(),
          readout,
          tokens.stream().sorted().map(tokenizer::token).toList(),
          model.prompts().eoiTokens().stream().mapToObj(tokenizer::text).toList());
    }
  }
}
