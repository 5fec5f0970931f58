package dev.demur.app;

import dev.demur.app.MissingRows.Work;
import dev.demur.lab.Seeds;
import dev.demur.lab.Sha256;
import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.coherence.CoherenceProbe;
import dev.demur.lab.coherence.CoherenceProbe.Divergence;
import dev.demur.lab.coherence.Corpus;
import dev.demur.lab.coherence.Corpus.Kind;
import dev.demur.lab.coherence.Exchange;
import dev.demur.lab.coherence.OwnCompletions;
import dev.demur.lab.coherence.PassageScores;
import dev.demur.lab.prompts.PromptSampler;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.study.Progress;
import dev.demur.lab.study.RunStore;
import dev.demur.lab.study.Variant;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Measurements of coherence, each remembered passage by passage in the run folder.
///
/// @param chat the model
/// @param variants the unedited model first
/// @param store the run folder
/// @param progress told of every passage
/// @param settings sizes and seed
record CoherenceRun(
    ChatModel chat, List<Variant> variants, RunStore store, Progress progress, Settings settings) {

  /// Sizes and seed.
  ///
  /// @param limit passages of a corpus
  /// @param maxTokens tokens of a text
  /// @param maxNewTokens tokens of an answer
  /// @param batch answers written together
  /// @param seed of draws and intervals
  record Settings(int limit, int maxTokens, int maxNewTokens, int batch, long seed) {
    Settings {
      atLeast("--limit", limit, 1);
      atLeast("--max-tokens", maxTokens, 2);
      atLeast("--max-new-tokens", maxNewTokens, 1);
      atLeast("--batch", batch, 1);
    }

    private static void atLeast(String option, int value, int least) {
      if (value < least) {
        throw new IllegalArgumentException(option + " must be >= " + least + ", was " + value);
      }
    }
  }

  /// Draws enough that the ends of an interval are steady to the second digit.
  private static final int RESAMPLES = 2000;

  /// What the rows of one corpus depend on.
  private record Key(
      String weights, String template, String dtype, List<String> variants, String corpus) {}

  /// Texts as they are.
  Coherence texts(Path file) throws IOException {
    var texts = drawn("coherence-text", Corpus.readTexts(file));
    return measured(Corpus.ofTexts(name(file), chat.tokenizer(), texts, settings.maxTokens()));
  }

  /// Completions to instructions.
  Coherence exchanges(Path file) throws IOException {
    var exchanges = drawn("coherence-instructions", Exchange.read(file));
    return measured(Corpus.ofExchanges(name(file), Kind.INSTRUCTIONS, chat, exchanges));
  }

  /// The unedited model's own answers.
  Coherence own(PromptSet prompts) throws IOException {
    var instructions = drawn("coherence-own", prompts.instructions());
    var own = new OwnCompletions(chat, instructions, settings.maxNewTokens(), settings.batch());
    var probe = probe(Divergence.MEASURED);
    return measured(
        prompts.name(),
        Kind.OWN,
        instructions.size(),
        Sha256.ofText(settings.maxNewTokens() + instructions.toString()),
        (places, rows) -> own.run(probe, places, rows));
  }

  private Coherence measured(Corpus corpus) throws IOException {
    var probe = probe(Divergence.LEFT_OUT);
    return measured(
        corpus.name(),
        corpus.kind(),
        corpus.passages().size(),
        corpus.sha256(),
        (places, rows) -> probe.run(corpus, places, rows));
  }

  private Coherence measured(
      String name, Kind kind, int size, String sha256, Work<PassageScores> work)
      throws IOException {
    var key =
        new Key(
            chat.files().weightsHash(),
            Sha256.ofText(chat.chatTemplate().orElse("")),
            chat.transformer().dtype().name(),
            variants.stream().map(Variant::identity).toList(),
            sha256);
    try (var journal = store.journal("coherence-" + kind.text(), key, PassageScores.class)) {
      var rows =
          new MissingRows<>(
                  name + ", " + kind.text(), size, PassageScores::passage, journal, progress)
              .fill(work);
      return Coherence.of(
          name,
          kind,
          variants.stream().map(Variant::name).toList(),
          rows,
          new Bootstrap(new Seeds(settings.seed()), "coherence-interval", RESAMPLES));
    }
  }

  private CoherenceProbe probe(Divergence divergence) {
    int layers = chat.config().nLayers();
    var plans = variants.stream().map(variant -> variant.intervention().plan(layers)).toList();
    return CoherenceProbe.of(chat.forward(), plans, divergence);
  }

  /// At most the limit, by the seed, in the order of the file.
  private <T> List<T> drawn(String stage, List<T> items) {
    if (items.size() <= settings.limit()) {
      return items;
    }
    var sampler = new PromptSampler.Seeded(new Seeds(settings.seed()));
    return sampler.indices(stage, items.size(), settings.limit()).stream()
        .sorted()
        .map(items::get)
        .toList();
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
