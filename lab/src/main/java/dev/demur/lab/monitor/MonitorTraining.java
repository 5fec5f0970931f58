package dev.demur.lab.monitor;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.explain.Component;
import dev.demur.lab.explain.DirectionReader;
import dev.demur.lab.monitor.Probe.Method;
import dev.demur.lab.run.Progress;
import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.Summary;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Trains a monitor: fits both probes at every layer by both methods, keeps those that tell the
/// classes of held-out prompts apart best, and sets the threshold on benign prompts that neither
/// step has seen.
public final class MonitorTraining {

  /// Prompts read at a time.
  private static final int CHUNK = 32;

  /// Heads the hijack signal watches.
  private static final int HEADS = 8;

  /// Share of refused prompts on which a watched quantity may be lower than its threshold.
  private static final double LOW = 0.05;

  /// Fewer prompts of a class make no probe.
  private static final int FEWEST = 10;

  private final ChatModel model;
  private final Direction direction;
  private final Set<Integer> refusalTokens;
  private final Settings settings;

  /// What decides a monitor's numbers, besides prompts and model.
  ///
  /// @param rate largest false-positive rate accepted
  /// @param confidence probability that the rate is no larger
  /// @param seed of the split
  public record Settings(double rate, double confidence, long seed) {}

  /// A trained monitor and how its probes were chosen.
  ///
  /// @param probes every probe fitted
  /// @param refused harmful prompts the model refuses, of `harmful`
  public record Trained(
      Monitor monitor, List<ProbeRow> probes, int harmful, int refused, int benign) {
    public Trained {
      probes = List.copyOf(probes);
    }
  }

  /// One probe on prompts it was not fitted on.
  ///
  /// @param what `harmfulness` or `refusal`
  public record ProbeRow(String what, Place place, int layer, Method method, Auroc auroc) {}

  /// @throws IllegalArgumentException if a layer of the model has no attention
  public MonitorTraining(
      ChatModel model, Direction direction, Set<Integer> refusalTokens, Settings settings) {
    model.transformer().requireAttention("a monitor");
    this.model = model;
    this.direction = direction;
    this.refusalTokens = Set.copyOf(refusalTokens);
    this.settings = settings;
  }

  /// Trains.
  ///
  /// @throws IllegalArgumentException if there are too few prompts for probes or bound
  public Trained train(TrainingData data, Progress progress) throws IOException {
    var benign = data.benignParts(settings.seed());
    var harmful = data.harmfulParts(settings.seed());
    var bound =
        FalsePositiveBound.of(settings.rate(), settings.confidence(), benign.calibration().size());
    try (var _ = Scope.open()) {
      var fit = read(Seen.of(harmful.fit(), part(data.answered(), 0), benign.fit()), progress);
      var choice =
          read(Seen.of(harmful.choice(), part(data.answered(), 1), benign.choice()), progress);
      var rows = new ArrayList<ProbeRow>();
      var harmfulness =
          best("harmfulness", Place.LAST_INSTRUCTION, fit, choice, Group::harmful, rows);
      var refusal = best("refusal", Place.LAST, fit, choice, Group::refused, rows);
      var refused = prompts(fit.refusedHarmful());
      var monitor = monitor(harmfulness, refusal, refused, benign.calibration(), bound, progress);
      return new Trained(
          monitor,
          rows,
          harmful.fit().size() + harmful.choice().size(),
          refused.size() + choice.refusedHarmful().size(),
          data.benign().size());
    }
  }

  /// Prompts the probes see: harmful ones, then harmful ones that are answered, then benign ones.
  ///
  /// @param asked how many were given as harmful
  /// @param bad how many are harmful altogether
  private record Seen(List<String> texts, int asked, int bad) {

    static Seen of(List<String> harmful, List<String> answered, List<String> benign) {
      var all = new ArrayList<>(harmful);
      all.addAll(answered);
      all.addAll(benign);
      return new Seen(List.copyOf(all), harmful.size(), harmful.size() + answered.size());
    }
  }

  /// Prompts and what was read of them.
  private record Group(Seen seen, PlaceActivations read) {

    boolean harmful(int prompt) {
      return prompt < seen.bad;
    }

    boolean refused(int prompt) {
      return read.scores().get(prompt) > 0;
    }

    List<String> refusedHarmful() {
      return IntStream.range(0, seen.asked)
          .filter(this::refused)
          .mapToObj(seen.texts::get)
          .toList();
    }

    /// Prompts of one class.
    List<Integer> where(Labels labels, boolean wanted) {
      return IntStream.range(0, seen.texts.size())
          .filter(i -> labels.isPositive(this, i) == wanted)
          .boxed()
          .toList();
    }
  }

  /// Which prompts are of the first class.
  private interface Labels {
    boolean isPositive(Group group, int prompt);
  }

  private Group read(Seen seen, Progress progress) {
    return new Group(
        seen, PlaceActivations.of(model, prompts(seen.texts), refusalTokens, progress));
  }

  private static List<String> part(List<String> answered, int which) {
    return IntStream.range(0, answered.size())
        .filter(i -> (i % 3 == 0) == (which == 1))
        .mapToObj(answered::get)
        .toList();
  }

  /// The probe with the largest area on the prompts of the choice; of equals the earlier layer.
  private Probe best(
      String what, Place place, Group fit, Group choice, Labels labels, List<ProbeRow> rows) {
    var up = required(what, fit.where(labels, true));
    var down = required(what, fit.where(labels, false));
    var upHeld = required(what, choice.where(labels, true));
    var downHeld = required(what, choice.where(labels, false));
    @Nullable Probe best = null;
    double area = -1;
    for (int layer = 1; layer < model.config().nLayers(); layer++) {
      for (var method : Method.values()) {
        try (var _ = Scope.open()) {
          var probe =
              fitted(
                  place,
                  layer,
                  method,
                  fit.read.rows(place, layer, up),
                  fit.read.rows(place, layer, down));
          var auroc =
              Auroc.of(
                  scores(probe, choice.read.rows(place, layer, upHeld)),
                  scores(probe, choice.read.rows(place, layer, downHeld)));
          rows.add(new ProbeRow(what, place, layer, method, auroc));
          if (auroc.value() > area) {
            area = auroc.value();
            best = probe;
          }
        }
      }
    }
    if (best == null) {
      throw new IllegalArgumentException("a monitor needs a model of two layers or more");
    }
    return best;
  }

  private static List<Integer> required(String what, List<Integer> prompts) {
    if (prompts.size() < FEWEST) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a %s probe needs at least %d prompts of each class to fit and as many to"
                  + " choose by, had %d; give more prompts, some that the model refuses and some"
                  + " that it answers",
              what,
              FEWEST,
              prompts.size()));
    }
    return prompts;
  }

  private static Probe fitted(Place place, int layer, Method method, Tensor up, Tensor down) {
    var line =
        switch (method) {
          case MEAN_DIFFERENCE -> LinearFit.meanDifference(up, down);
          case LOGISTIC -> LinearFit.logistic(up, down);
        };
    return new Probe(
        place, layer, method, line.weight().stream().map(Double::floatValue).toList(), line.bias());
  }

  private static List<Double> scores(Probe probe, Tensor rows) {
    return IntStream.range(0, Math.toIntExact(rows.dim(0)))
        .mapToObj(i -> probe.of(rows.row(i).toFloats()))
        .toList();
  }

  private Monitor monitor(
      Probe harmfulness,
      Probe refusal,
      List<Prompt> refused,
      List<String> calibration,
      FalsePositiveBound bound,
      Progress progress)
      throws IOException {
    var heads = topHeads(refused);
    float[] unit = direction.unit().toFloats();
    var direct = IntStream.range(0, unit.length).mapToObj(i -> unit[i]).toList();
    var open = // alarms of everything, to read scores by
        new Monitor(
            Monitor.FORMAT,
            Monitor.VERSION,
            model.name(),
            model.files().weightsHash(),
            harmfulness,
            Double.NEGATIVE_INFINITY,
            refusal,
            new HeadSignal(direct, heads, 0, 0),
            bound,
            /* longest= */ Integer.MAX_VALUE);
    var onRefused = read(open, refused, progress);
    var benign = prompts(calibration);
    var onBenign = read(open, benign, progress);
    var signal =
        new HeadSignal(
            direct,
            heads,
            low(onRefused.stream().map(MonitorReading::written).toList()),
            low(onRefused.stream().map(MonitorReading::attention).toList()));
    return new Monitor(
        Monitor.FORMAT,
        Monitor.VERSION,
        open.model(),
        open.weightsSha256(),
        harmfulness,
        bound.threshold(onBenign.stream().map(MonitorReading::harmfulness).toList()),
        refusal,
        signal,
        bound,
        benign.stream().mapToInt(Prompt::length).max().orElseThrow());
  }

  private static double low(List<Double> values) {
    return Summary.of(values).quantile(LOW);
  }

  private List<Component> topHeads(List<Prompt> refused) {
    var reader = new DirectionReader(model, direction.unit(), refusalTokens, 1);
    var indices = IntStream.range(0, refused.size()).boxed().toList();
    var readings = reader.read("refused", indices, refused);
    var heads = new ArrayList<Component>();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (int head = 0; head < readings.getFirst().heads().get(layer).size(); head++) {
        heads.add(new Component(Component.Kind.HEAD, layer, head));
      }
    }
    heads.sort(
        Comparator.comparingDouble(
            head -> -readings.stream().mapToDouble(r -> r.share(head)).sum()));
    return List.copyOf(heads.subList(0, Math.min(HEADS, heads.size())));
  }

  /// Reads prompts as a monitor does.
  List<MonitorReading> read(Monitor monitor, List<Prompt> prompts, Progress progress) {
    return read(model, monitor, prompts, progress);
  }

  static List<MonitorReading> read(
      ChatModel model, Monitor monitor, List<Prompt> prompts, Progress progress) {
    var readings = new ArrayList<MonitorReading>();
    try (var _ = Scope.open();
        var task = progress.start("monitor", prompts.size())) {
      var working = monitor.on(model);
      for (int from = 0; from < prompts.size(); from += CHUNK) {
        var chunk = prompts.subList(from, Math.min(prompts.size(), from + CHUNK));
        try (var _ = Scope.open()) {
          var watch = working.watch(chunk);
          model.forward().run(chunk.stream().map(Prompt::tokens).toList(), watch.probes());
          readings.addAll(watch.readings());
        }
        task.advance(chunk.size());
      }
    }
    return List.copyOf(readings);
  }

  private List<Prompt> prompts(List<String> texts) {
    return texts.stream().map(model::prompt).toList();
  }
}
