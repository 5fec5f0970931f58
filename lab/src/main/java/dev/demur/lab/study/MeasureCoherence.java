package dev.demur.lab.study;

import dev.demur.lab.Seeds;
import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.coherence.CoherenceProbe;
import dev.demur.lab.coherence.CoherenceProbe.Divergence;
import dev.demur.lab.coherence.Corpus;
import dev.demur.lab.coherence.Corpus.Kind;
import dev.demur.lab.coherence.Exchange;
import dev.demur.lab.coherence.OwnCompletions;
import dev.demur.lab.coherence.PassageScores;
import dev.demur.lab.coherence.WrittenAnswers;
import dev.demur.lab.prompts.PromptSampler;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.MissingRows.Work;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Stage;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.steer.Treatment;
import dev.demur.model.ChatModel;
import dev.demur.model.text.PromptFormat;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Measures what treatments cost on text. Each measurement is remembered passage by passage in the
/// run folder.
///
/// @param model the model
/// @param format how instructions become prompts
/// @param treatments the unedited model first
/// @param store the run folder
/// @param progress receives every passage
/// @param settings sizes and seed
/// @param written what the unedited model has answered already
public record MeasureCoherence(
    ChatModel model,
    PromptFormat format,
    List<Treatment> treatments,
    RunStore store,
    Progress progress,
    Settings settings,
    WrittenAnswers written) {

  /// Sizes and seed.
  ///
  /// @param limit passages of a file
  /// @param maxTokens tokens of a text
  /// @param maxNewTokens tokens of an answer
  /// @param batch answers written together
  /// @param seed of draws and intervals
  public record Settings(int limit, int maxTokens, int maxNewTokens, int batch, long seed) {

    /// Where the released code cuts a text.
    public static final int USUAL_TOKENS = 256;

    public Settings {
      atLeast("limit", limit, 1);
      atLeast("max tokens", maxTokens, 2);
      atLeast("max new tokens", maxNewTokens, 1);
      atLeast("batch", batch, 1);
    }

    private static void atLeast(String name, int value, int least) {
      if (value < least) {
        throw new IllegalArgumentException(name + " must be >= " + least + ", was " + value);
      }
    }
  }

  private static final System.Logger LOG = System.getLogger(MeasureCoherence.class.getName());

  /// Draws enough that the ends of an interval are steady to the second digit.
  private static final int RESAMPLES = 2000;

  /// All that a study asks for.
  ///
  /// @param prompts what the unedited model answers, where its own answers are asked for
  /// @throws IOException if a file cannot be read or the store not written
  public List<Coherence> all(CoherenceCorpora corpora, PromptSet prompts) throws IOException {
    var measured = new ArrayList<Coherence>();
    if (corpora.text().isPresent()) {
      measured.add(texts(corpora.text().get()));
    }
    if (corpora.instructions().isPresent()) {
      measured.add(exchanges(corpora.instructions().get()));
    }
    if (corpora.own() == CoherenceCorpora.Own.MEASURED) {
      own(prompts, prompts.size())
          .ifPresentOrElse(
              measured::add,
              () -> LOG.log(Level.WARNING, "all own answers are blank: coherence leaves them out"));
    }
    return measured;
  }

  /// Texts as they are.
  public Coherence texts(Path file) throws IOException {
    var texts = drawn("coherence-text", Corpus.readTexts(file), settings.limit());
    int most = Math.min(settings.maxTokens(), model.transformer().limit().tokens());
    return measured(Corpus.ofTexts(name(file), model.tokenizer(), texts, most));
  }

  /// Completions to instructions.
  public Coherence exchanges(Path file) throws IOException {
    var exchanges = drawn("coherence-instructions", Exchange.read(file), settings.limit());
    return measured(
        Corpus.ofExchanges(name(file), Kind.INSTRUCTIONS, format, model.tokenizer(), exchanges));
  }

  /// The unedited model's own answers to at most `limit` prompts.
  ///
  /// @return empty when all answers are blank
  public Optional<Coherence> own(PromptSet prompts, int limit) throws IOException {
    var instructions = drawn("coherence-own", prompts.instructions(), limit);
    var own =
        new OwnCompletions(
            model, format, instructions, settings.maxNewTokens(), settings.batch(), written);
    var probe = probe(Divergence.MEASURED);
    var rows =
        store.get(
            scoring(
                prompts.name(),
                Kind.OWN,
                instructions.size(),
                settings.batch(),
                own.sha256(),
                (places, told) -> own.run(probe, places, told)),
            progress);
    return rows.stream().allMatch(row -> row.tokens() == 0)
        ? Optional.empty()
        : Optional.of(summary(prompts.name(), Kind.OWN, rows));
  }

  private Coherence measured(Corpus corpus) throws IOException {
    var probe = probe(Divergence.LEFT_OUT);
    var rows =
        store.get(
            scoring(
                corpus.name(),
                corpus.kind(),
                corpus.passages().size(),
                CoherenceProbe.TOGETHER,
                corpus.sha256(),
                (places, told) -> probe.run(corpus, places, told)),
            progress);
    return summary(corpus.name(), corpus.kind(), rows);
  }

  /// The stage that scores every passage of one corpus.
  private Stage.OfGroups<PassageScores> scoring(
      String corpus, Kind kind, int size, int together, String sha256, Work<PassageScores> work)
      throws IOException {
    return new Stage.OfGroups<>(
        "coherence",
        corpus + ", " + kind.text(),
        List.of(
            ModelIdentity.of(model),
            treatments.stream().map(Treatment::identity).toList(),
            kind.text(),
            sha256),
        PassageScores.class,
        size,
        PassageScores::passage,
        together,
        work,
        row -> (long) row.tokens() * treatments.size());
  }

  private Coherence summary(String name, Kind kind, List<PassageScores> rows) {
    return Coherence.of(
        name,
        kind,
        treatments.stream().map(Treatment::variant).toList(),
        rows,
        new Bootstrap(new Seeds(settings.seed()), "coherence-interval", RESAMPLES));
  }

  private CoherenceProbe probe(Divergence divergence) {
    int layers = model.config().nLayers();
    var plans = treatments.stream().map(one -> one.policy().plan(layers)).toList();
    return CoherenceProbe.of(model.forward(), plans, divergence);
  }

  /// At most the limit, by the seed, in the order of the file.
  private <T> List<T> drawn(String stage, List<T> items, int limit) {
    return drawn(settings.seed(), stage, items, limit);
  }

  /// The same for whoever measures on the same passages.
  static <T> List<T> drawn(long seed, String stage, List<T> items, int limit) {
    if (items.size() <= limit) {
      return items;
    }
    var sampler = new PromptSampler.Seeded(new Seeds(seed));
    return sampler.indices(stage, items.size(), limit).stream().sorted().map(items::get).toList();
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
