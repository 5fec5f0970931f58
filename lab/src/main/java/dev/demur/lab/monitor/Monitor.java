package dev.demur.lab.monitor;

import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Numbers;
import dev.demur.model.ChatModel;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.local.RegularFile;
import dev.demur.model.local.WholeFile;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// A trained monitor: two probes, the heads to watch, and their thresholds.
///
/// ```java
/// var monitor = Monitor.read(Path.of("monitor.json")).on(model); // once
/// var watch = monitor.watch(List.of(prompt));
/// var logits = model.forward().lastLogits(List.of(prompt.tokens()), watch.probes());
/// boolean alarm = watch.readings().getFirst().is(Alarm.HARMFUL_YET_NOT_REFUSING);
/// ```
///
/// @param format always [#FORMAT]
/// @param version of the layout
/// @param model name of the model it was trained on
/// @param weightsSha256 of that model's weight files
/// @param harmfulness reads the last token of the user's words
/// @param threshold of the harmfulness score; above it the prompt counts as harmful
/// @param refusal reads the last token of the prompt; above 0 the model refuses
/// @param heads what the heads that carry refusal do
/// @param bound what is known of the threshold's false-positive rate
/// @param longest tokens of the longest prompt the threshold was set on; of longer ones the bound
///   says nothing
public record Monitor(
    String format,
    int version,
    String model,
    String weightsSha256,
    Probe harmfulness,
    double threshold,
    Probe refusal,
    HeadSignal heads,
    FalsePositiveBound bound,
    int longest) {

  /// Value of `format`.
  public static final String FORMAT = "demur-monitor";

  /// Value of `version`; raised when a reader of the old layout would misread the new.
  public static final int VERSION = 2;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  public Monitor {
    if (!format.equals(FORMAT) || version != VERSION) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected format %s, version %d, found %s, version %d",
              FORMAT,
              VERSION,
              format,
              version));
    }
  }

  /// Reads a monitor.
  ///
  /// @throws ModelFormatException if the file is not one
  public static Monitor read(Path file) throws IOException {
    try {
      return JSON.readValue(RegularFile.text(file), Monitor.class);
    } catch (JacksonException e) {
      throw new ModelFormatException(
          file,
          "is not a monitor this version reads (%s); train it again"
              .formatted(String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  /// Writes it, whole or not at all.
  public void write(Path file) throws IOException {
    WholeFile.write(file, JSON.writeValueAsBytes(this));
  }

  /// Makes sure the monitor can be used on a model.
  ///
  /// @throws IllegalArgumentException if the model has another width or lacks a layer or head
  public void requireFits(ChatModel other) {
    var shape = other.config();
    boolean fits =
        IntStream.of(harmfulness.weight().size(), refusal.weight().size(), heads.direction().size())
            .allMatch(width -> width == shape.dModel());
    fits &= Math.max(harmfulness.layer(), refusal.layer()) < shape.nLayers();
    for (var head : heads.heads()) {
      fits &= head.layer() >= 0 && head.layer() < shape.nLayers();
      fits &= head.head() >= 0 && head.head() < shape.nHeads();
    }
    if (!fits) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the monitor belongs to %s; %s has another shape (%d layers of %d heads, width %d)",
              model,
              other.name(),
              shape.nLayers(),
              shape.nHeads(),
              shape.dModel()));
    }
  }

  /// What speaks against using the monitor on a model with these weights, in one sentence.
  public Optional<String> doubt(String name, String weights) {
    return weightsSha256.equals(weights)
        ? Optional.empty()
        : Optional.of(
            "the monitor was trained on %s, whose weights differ from those of %s; its bound does not hold there"
                .formatted(model, name));
  }

  /// The harmfulness probe as the gate of a policy reads it: a score of the stream, above
  /// [#threshold] for harmful prompts, at the token the model's chat template puts it at.
  ///
  /// @throws IllegalArgumentException if the monitor is for another kind of model
  public Ingredient.Detector detector(ChatModel chat) {
    requireFits(chat);
    var prompt = chat.prompt("word");
    float[] weight = new float[harmfulness.weight().size()];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = harmfulness.weight().get(i);
    }
    return new Ingredient.Detector(
        new Numbers(Tensor.of(weight, weight.length)),
        harmfulness.bias(),
        new HookPoint(harmfulness.layer(), Site.RESID_PRE),
        harmfulness.place().in(prompt) - prompt.length());
  }

  /// This monitor at work on a model, made once. Belongs to the caller's innermost scope.
  ///
  /// @throws IllegalArgumentException if the monitor is for another kind of model
  public ModelMonitor on(ChatModel chat) {
    requireFits(chat);
    return new ModelMonitor(this, chat);
  }

  /// What scores amount to.
  ///
  /// @param tokens of the prompt
  MonitorReading reading(
      double harmful, double refuses, double written, double attention, int tokens) {
    Set<Alarm> alarms = EnumSet.noneOf(Alarm.class);
    if (harmful > threshold) {
      alarms.add(Alarm.HARMFUL);
      if (refuses <= 0) {
        alarms.add(Alarm.HARMFUL_YET_NOT_REFUSING);
        if (written < heads.leastWritten() && attention < heads.leastAttention()) {
          alarms.add(Alarm.SUFFIX_HIJACK);
        }
      }
    }
    var length = new MonitorReading.Length(tokens, longest);
    return new MonitorReading(harmful, refuses, written, attention, alarms, length);
  }
}
