package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.monitor.FalsePositiveBound;
import dev.demur.lab.monitor.HeadSignal;
import dev.demur.lab.monitor.Monitor;
import dev.demur.lab.monitor.Place;
import dev.demur.lab.monitor.Probe;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.serve.guard.GuardSettings;
import dev.demur.serve.guard.GuardSettings.Texts;
import dev.demur.serve.guard.OnAlarm;
import dev.demur.serve.http.ListenSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A monitor in the passes that serve. It reads the refusal direction as harm, and believes that
/// the model never refuses, so that the demo model's harmful prompts raise the alarm.
class GuardTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String HARMFUL = "How do I sneak into the cinema?";
  private static final String HARMLESS = "How do I bake bread?";

  /// Stream units: between what harmful and harmless prompts have, at any seed of the demo.
  private static final double THRESHOLD = 1;

  /// float32 sums read in another order.
  private static final Offset<Double> CLOSE = Offset.offset(1e-3);

  @TempDir private static Path folder;

  private static String ask(String words, String more) {
    return """
    {"temperature": 0, "max_tokens": 6, "messages": [{"role": "user", "content": "%s"}]%s}\
    """
        .formatted(words, more);
  }

  private static String content(JsonNode answer) {
    return answer.at("/choices/0/message/content").asString();
  }

  /// The monitor, for a server of the demo model.
  static Monitor monitor() throws IOException {
    var shared = TestServer.shared();
    var r = direction();
    var unit = IntStream.range(0, r.dModel()).mapToObj(i -> r.unit().toFloats()[i]).toList();
    var harm = new Probe(Place.LAST, r.source().layer(), Probe.Method.MEAN_DIFFERENCE, unit, 0);
    var never =
        new Probe(
            Place.LAST, 1, Probe.Method.MEAN_DIFFERENCE, Collections.nCopies(r.dModel(), 0f), -1);
    return new Monitor(
        Monitor.FORMAT,
        Monitor.VERSION,
        "demo",
        shared.model.files().weightsHash(),
        harm,
        THRESHOLD,
        never,
        new HeadSignal(unit, List.of(), 0, 0),
        FalsePositiveBound.of(.05, .95, 100),
        60);
  }

  private static Direction direction() {
    return TestServer.shared()
        .server
        .treatments()
        .registry()
        .entry("r")
        .flatMap(known -> known.direction())
        .orElseThrow();
  }

  private static TestServer guarded(OnAlarm onAlarm, Texts texts) throws IOException {
    Path file = folder.resolve("monitor.json");
    monitor().write(file);
    return TestServer.open(
        new ServerSettings(
            ListenSettings.local(0),
            4,
            8,
            256,
            Optional.empty(),
            Map.of("firm", "add 1 r"),
            Optional.of(new GuardSettings(file, onAlarm, texts)),
            Optional.empty(),
            ServerSettings.Tools.NONE));
  }

  @Test
  void anAlarmIsCountedAndLoggedWithoutTheText() throws IOException {
    try (var server = guarded(new OnAlarm.Log(), Texts.LEFT_OUT)) {
      var quiet = server.json(CHAT, ask(HARMLESS, ""));
      var harmful = server.json(CHAT, ask(HARMFUL, ""));
      assertThat(content(harmful))
          .isEqualTo(content(TestServer.shared().json(CHAT, ask(HARMFUL, ""))));
      assertThat(harmful.at("/demur/monitor").isMissingNode()).isTrue();
      assertThat(quiet.at("/demur/monitor").isMissingNode()).isTrue();
      assertThat(server.events)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.event()).isEqualTo("alarm");
                assertThat(event.facts().toString())
                    .contains("harmful_yet_not_refusing")
                    .doesNotContain("cinema");
              });
      assertThat(server.get("/metrics").body())
          .contains("demur_monitor_alarms_total{alarm=\"harmful_yet_not_refusing\"} 1.0");

      var told =
          server
              .json(CHAT, ask(HARMFUL, ", \"demur\": {\"read\": [\"monitor\"]}"))
              .at("/demur/monitor");
      assertThat(told.get("false_positive_rate").asDouble()).isEqualTo(.05);
      assertThat(told.get("harmfulness").asDouble()).isCloseTo(read(server, HARMFUL), CLOSE);
    }
  }

  /// What the monitor reads in a pass of its own.
  private static double read(TestServer server, String words) throws IOException {
    try (var _ = Scope.open()) {
      var prompt = server.model.prompt(words);
      var watch = monitor().on(server.model).watch(List.of(prompt));
      var _ =
          server
              .model
              .forward()
              .lastLogits(List.of(prompt.tokens()), HookPlan.none().then(watch.probes()));
      return watch.readings().getFirst().harmfulness();
    }
  }

  @Test
  void aPromptCanBeRefused() throws IOException {
    try (var server = guarded(new OnAlarm.Refuse(), Texts.QUOTED)) {
      var refused = server.json(CHAT, ask(HARMFUL, ""));
      assertThat(refused.at("/choices/0/finish_reason").asString()).isEqualTo("content_filter");
      assertThat(content(refused)).contains("guard");
      assertThat(refused.at("/demur/monitor/alarms").toString())
          .contains("harmful_yet_not_refusing");
      assertThat(server.events.getFirst().facts().toString()).contains("cinema");
      assertThat(server.json(CHAT, ask(HARMLESS, "")).at("/choices/0/finish_reason").asString())
          .isNotEqualTo("content_filter");
      var chunks = server.stream(CHAT, ask(HARMFUL, ", \"stream\": true"));
      assertThat(chunks.getLast().at("/choices/0/finish_reason").asString())
          .isEqualTo("content_filter");
      assertThat(chunks.toString()).doesNotContain("help");
      var text =
          server.json(
              "/v1/completions",
              "{\"prompt\": %s}".formatted(server.model.prompt(HARMFUL).tokens()));
      assertThat(text.at("/choices/0/finish_reason").asString()).isEqualTo("content_filter");
    }
  }

  @Test
  void anAnswerCanBeWrittenUnderAPolicy() throws IOException {
    try (var server = guarded(new OnAlarm.Under("firm"), Texts.LEFT_OUT)) {
      var answer = server.json(CHAT, ask(HARMFUL, ""));
      var expected =
          TestServer.shared().json(CHAT, ask(HARMFUL, ", \"demur\": {\"policy\": \"add 1 r\"}"));
      assertThat(content(answer)).isEqualTo(content(expected));
    }
  }

  /// `monitor` is a probe that a policy's gate can read.
  @Test
  void aPolicyCanAskTheMonitor() throws IOException {
    try (var server = guarded(new OnAlarm.Log(), Texts.LEFT_OUT)) {
      String gated = ", \"demur\": {\"policy\": \"ablate r @layer 6-7 when monitor > 1\"}";
      assertThat(content(server.json(CHAT, ask(HARMLESS, gated))))
          .isEqualTo(content(server.json(CHAT, ask(HARMLESS, ""))));
    }
  }
}
