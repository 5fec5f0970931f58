package dev.demur.app.option;

import dev.demur.lab.judge.ClassifierJudge;
import dev.demur.lab.judge.HarmJudge;
import dev.demur.lab.judge.HumanLabels;
import dev.demur.lab.judge.Judge;
import dev.demur.lab.judge.LexiconJudge;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.judge.SubstringJudge;
import dev.demur.lab.judge.endpoint.ChatEndpoint;
import dev.demur.lab.judge.endpoint.EndpointConfig;
import dev.demur.lab.judge.endpoint.Pricing;
import dev.demur.lab.judge.guard.EngineGuard;
import dev.demur.lab.judge.guard.GuardDescription;
import dev.demur.lab.judge.guard.GuardHarmJudge;
import dev.demur.lab.judge.guard.GuardModel;
import dev.demur.lab.judge.guard.GuardRefusalJudge;
import dev.demur.model.ChatModel;
import dev.demur.model.local.UserCache;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who judges completions.
public final class JudgeOptions {

  private static final String BY_TEXT = "classifier, lexicon, substring-normalised, substring";

  @Option(
      names = "--judge",
      split = ",",
      paramLabel = "JUDGE",
      description =
          "One judge, or several separated by commas: classifier (trained; English,"
              + " Spanish, German, French), lexicon (phrases with weights), substring-normalised"
              + " (the paper's phrases, with quotes and spaces normalised), substring (exactly"
              + " the paper's), first-token (studies only: the refusal score), or GUARD=MODEL."
              + " GUARD is the name of a guard that comes with Demur (docs/judges.md) or a"
              + " description file; MODEL a folder, GGUF file, org/name, or the http(s) address"
              + " of an OpenAI-compatible endpoint. The summary uses the first judge of refusal"
              + " (default: classifier,substring-normalised,substring; with the paper's procedure"
              + " substring,substring-normalised,classifier).")
  private @Nullable List<String> judges;

  private List<String> usual = List.of("classifier", "substring-normalised", "substring");

  @Option(
      names = "--endpoint-model",
      paramLabel = "NAME",
      description = "Name of the model to ask at the endpoint.")
  private @Nullable String endpointModel;

  @Option(
      names = "--endpoint-key",
      paramLabel = "VARIABLE",
      description =
          "Environment variable that holds the endpoint's key (default: none is sent)."
              + " The key is never written.")
  private String endpointKey = "";

  @Option(
      names = "--endpoint-rate",
      paramLabel = "N",
      description = "Most requests to start in a minute (default: 60).")
  private double endpointRate = 60;

  @Option(
      names = "--endpoint-price",
      paramLabel = "IN:OUT",
      description =
          "What the endpoint charges for a million tokens in and out, in USD, to say what the run"
              + " costs before it starts.")
  private @Nullable String endpointPrice;

  @Option(
      names = "--endpoint-cache",
      paramLabel = "DIR",
      description =
          "Folder that keeps answers, so that none is paid for twice (default: user's" + " cache).")
  private @Nullable Path endpointCache;

  /// Takes the paper's judge of refusal first where no judges are named.
  public void paperFirst() {
    usually(List.of("substring", "substring-normalised", "classifier"));
  }

  /// Takes these judges where none are named.
  public void usually(List<String> names) {
    usual = List.copyOf(names);
  }

  /// Opens the judges' models and endpoints.
  ///
  /// @param people what people said of some completions
  /// @throws IllegalArgumentException if a judge is unknown or lacks its model
  public SeatedPanel open(HumanLabels people) throws IOException {
    var seats = new Seats();
    try {
      for (String text : judges == null ? usual : judges) {
        seats.take(text);
      }
      return new SeatedPanel(
          new Panel(seats.judges, seats.harmJudges, seats.opening, people),
          seats.models,
          seats.endpoints,
          pricing());
    } catch (IOException | RuntimeException e) {
      seats.models.forEach(ChatModel::close);
      throw e;
    }
  }

  private Optional<Pricing> pricing() {
    if (endpointPrice == null) {
      return Optional.empty();
    }
    String[] parts = endpointPrice.split(":", -1);
    try {
      return Optional.of(
          new Pricing(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), "USD"));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "--endpoint-price must be two prices with a colon between, for example 0.15:0.60, was "
              + endpointPrice,
          e);
    }
  }

  private EndpointConfig endpoint(String address) {
    if (endpointModel == null) {
      throw new IllegalArgumentException("--endpoint-model: name the model to ask at " + address);
    }
    var usual = EndpointConfig.of(URI.create(address), endpointModel, endpointKey);
    return new EndpointConfig(
        usual.base(),
        usual.model(),
        usual.keyVariable(),
        endpointRate,
        usual.parallel(),
        usual.attempts(),
        usual.firstWait(),
        usual.timeout());
  }

  /// Fills the panel; changed by every judge taken.
  private final class Seats {
    private final List<Judge> judges = new ArrayList<>();
    private final List<HarmJudge> harmJudges = new ArrayList<>();
    private final List<ChatModel> models = new ArrayList<>();
    private final List<SeatedPanel.Questioned> endpoints = new ArrayList<>();
    private Panel.Opening opening = Panel.Opening.NOT_JUDGED;

    void take(String text) throws IOException {
      int equals = text.indexOf('=');
      if (equals >= 0) {
        guard(description(text.substring(0, equals)), text.substring(equals + 1));
        return;
      }
      switch (text) {
        case "classifier" -> judges.add(ClassifierJudge.builtIn());
        case "lexicon" -> judges.add(LexiconJudge.builtIn());
        case "substring" -> judges.add(SubstringJudge.exact());
        case "substring-normalised" -> judges.add(SubstringJudge.normalised());
        case Panel.FIRST_TOKEN -> opening = Panel.Opening.JUDGED;
        default -> throw unknown(text);
      }
    }

    private void guard(GuardDescription description, String model) throws IOException {
      var answering = answering(description, model);
      switch (description.measure()) {
        case HARM -> harmJudges.add(new GuardHarmJudge(description, answering));
        case REFUSAL -> judges.add(new GuardRefusalJudge(description, answering));
      }
    }

    private GuardModel answering(GuardDescription description, String model) throws IOException {
      String lower = model.toLowerCase(Locale.ROOT);
      if (lower.startsWith("http://") || lower.startsWith("https://")) {
        Path cache = endpointCache == null ? UserCache.folder().resolve("answers") : endpointCache;
        var endpoint = ChatEndpoint.open(endpoint(model), cache);
        endpoints.add(new SeatedPanel.Questioned(description, endpoint));
        return endpoint;
      }
      var chat = ChatModel.load(model);
      models.add(chat);
      return EngineGuard.of(chat);
    }
  }

  private static GuardDescription description(String text) throws IOException {
    return GuardDescription.BUILT_IN.contains(text)
        ? GuardDescription.builtIn(text)
        : GuardDescription.read(Path.of(text));
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        GuardDescription.BUILT_IN.contains(text) || text.endsWith(".json")
            ? "--judge %s needs a model to ask: %s=MODEL, a folder, GGUF file, org/name or http(s) address"
                .formatted(text, text)
            : "--judge must name %s, %s or GUARD=MODEL, was %s"
                .formatted(BY_TEXT, Panel.FIRST_TOKEN, text));
  }
}
