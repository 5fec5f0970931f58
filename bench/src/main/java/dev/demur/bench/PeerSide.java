package dev.demur.bench;

import dev.demur.lab.profile.StudyProfile;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.DeviceChoice;
import dev.demur.model.generate.Completion;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.TokenIds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Demur's side of the measurements in `bench/peers/`: does what the lines of stdin ask for and
/// answers each with a line of JSON, so that others can take turns with it.
///
/// `java -cp … dev.demur.bench.PeerSide MODEL DTYPE THREADS DEVICE`. Prompts come as token ids;
/// seconds are of the work alone.
public final class PeerSide {

  private static final double NANOS = 1e9;

  private final ChatModel model;

  private PeerSide(ChatModel model) {
    this.model = model;
  }

  public static void main(String[] args) throws IOException {
    Torch.threads(Integer.parseInt(args[2]));
    var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var json = JsonMapper.shared();
    try (var model =
            ChatModel.load(args[0], DTypeChoice.parse(args[1]), DeviceChoice.parse(args[3]));
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      var side = new PeerSide(model);
      answers.println(json.writeValueAsString(Map.of("ready", model.name())));
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        answers.println(json.writeValueAsString(side.answer(json.readTree(line))));
      }
    }
  }

  private Map<String, Object> answer(JsonNode question) throws IOException {
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      String task = question.path("task").asString();
      return switch (task) {
        case "ceilings" -> ceilings();
        case "trunk" -> trunk(prompts(question));
        case "logits" -> logits(prompts(question), ids(question.path("columns")));
        case "generate" -> generate(question);
        case "stream" -> stream(question);
        default -> throw new IllegalArgumentException("no such task: " + task);
      };
    }
  }

  private Map<String, Object> ceilings() throws IOException {
    var ceilings = StudyProfile.of(model, List.of(), 1).ceilings();
    return Map.of(
        "bf16", ceilings.bf16Gemm(), "f32", ceilings.f32Gemm(), "read", ceilings.dramRead());
  }

  /// All blocks, no logits.
  private Map<String, Object> trunk(List<TokenIds> prompts) {
    var last = new HookPoint(model.config().nLayers() - 1, Site.RESID_POST);
    var plan = HookPlan.none().probe(last, (_, _) -> {});
    return Map.of("seconds", seconds(() -> model.forward().run(prompts, plan)));
  }

  /// The last token's logits, and the logarithms of some tokens' probabilities.
  private Map<String, Object> logits(List<TokenIds> prompts, List<Integer> columns) {
    long start = System.nanoTime();
    var logits = model.forward().lastLogits(prompts, HookPlan.none());
    double seconds = (System.nanoTime() - start) / NANOS;
    var wanted = Tensor.ofIndices(columns.stream().mapToInt(Integer::intValue));
    var answer = new LinkedHashMap<String, Object>();
    answer.put("seconds", seconds);
    answer.put("rows", model.forward().rows(prompts));
    answer.put("best", Arrays.stream(logits.argmax().toLongs()).boxed().toList());
    answer.put("logprobs", rows(logits.logSoftmax().select(1, wanted), columns.size()));
    return answer;
  }

  private static List<List<Double>> rows(Tensor values, int width) {
    var flat = Arrays.stream(values.toDoubles()).boxed().toList();
    var rows = new ArrayList<List<Double>>();
    for (int start = 0; width > 0 && start < flat.size(); start += width) {
      rows.add(flat.subList(start, start + width));
    }
    return rows;
  }

  /// Completions of a fixed length: nothing ends them.
  private Map<String, Object> generate(JsonNode question) {
    var prompts = prompts(question);
    var generator = generator(question, question.path("batch").asInt());
    long start = System.nanoTime();
    var completions = generator.complete(prompts, _ -> {});
    return Map.of(
        "seconds",
        (System.nanoTime() - start) / NANOS,
        "written",
        completions.stream().map(Completion::tokens).map(TokenIds::toList).toList());
  }

  /// One sequence; seconds from its first token to its last, so that reading the prompt does not
  /// count.
  private Map<String, Object> stream(JsonNode question) {
    var times = new ArrayList<Long>();
    var completion =
        generator(question, 1).stream(
            prompts(question).getFirst(),
            _ -> {
              times.add(System.nanoTime());
              return true;
            });
    return Map.of(
        "seconds",
        (times.getLast() - times.getFirst()) / NANOS,
        "written",
        List.of(completion.tokens().toList()));
  }

  private Generator generator(JsonNode question, int batch) {
    int tokens = question.path("tokens").asInt();
    var options = new GenerationOptions(tokens, batch, new Sampler.Greedy(), Set.of());
    return new Generator(model.transformer(), options, HookPlan.none());
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / NANOS;
  }

  private static List<TokenIds> prompts(JsonNode question) {
    var prompts = new ArrayList<TokenIds>();
    question.path("prompts").forEach(prompt -> prompts.add(TokenIds.of(ids(prompt))));
    return prompts;
  }

  private static List<Integer> ids(JsonNode array) {
    var ids = new ArrayList<Integer>();
    array.forEach(id -> ids.add(id.asInt()));
    return ids;
  }
}
