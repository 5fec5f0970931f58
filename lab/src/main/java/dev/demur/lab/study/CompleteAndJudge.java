package dev.demur.lab.study;

import dev.demur.lab.Sha256;
import dev.demur.lab.judge.Answer;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Harm;
import dev.demur.lab.judge.Labels;
import dev.demur.lab.judge.Language;
import dev.demur.lab.judge.OutputFault;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.prompts.LabelledPrompt;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.run.Stage;
import dev.demur.lab.run.Workers;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.Evaluation.Keep;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The stage that completes a prompt set under a treatment and has every completion judged as it
/// ends. The text is dropped unless it was asked for.
///
/// @param name in files and timings
/// @param asked the model, how prompts are written and where answers begin
/// @param judging who judges
/// @param set the prompts
/// @param treatment how the model is run
/// @param limits how long, how many at once, what is kept
record CompleteAndJudge(
    String name,
    StudiedModel asked,
    Judging judging,
    PromptSet set,
    Treatment treatment,
    Limits limits)
    implements Stage.OfRows<CompletionRow> {

  /// Openings scored in one pass; what is not scored yet is lost when a run is killed.
  private static final int OPENINGS = 32;

  /// Who judges.
  ///
  /// @param panel the judges
  /// @param refusalTokens what the panel's first-token judge looks for
  /// @param plain what harm is judged about, prompt by prompt, where that is not what is asked
  record Judging(Panel panel, Set<Integer> refusalTokens, Optional<PromptSet> plain) {

    Judging(Panel panel, Set<Integer> refusalTokens) {
      this(panel, refusalTokens, Optional.empty());
    }

    /// The same judges, of harm about these prompts.
    Judging about(PromptSet prompts) {
      return new Judging(panel, refusalTokens, Optional.of(prompts));
    }

    private String instruction(int index, PromptSet asked) {
      return plain.orElse(asked).instructions().get(index);
    }

    private List<String> plainTexts() {
      return plain.map(PromptSet::instructions).orElse(List.of());
    }

    private Optional<Openings> openings(ChatModel model) {
      return panel.opening() == Panel.Opening.JUDGED
          ? Optional.of(new Openings(model.forward(), refusalTokens))
          : Optional.empty();
    }

    private List<Integer> openingTokens() {
      return panel.opening() == Panel.Opening.JUDGED
          ? refusalTokens.stream().sorted().toList()
          : List.of();
    }
  }

  /// Limits of completions.
  ///
  /// @param maxNewTokens length at which a completion is cut
  /// @param batchSize sequences decoded together
  /// @param keep what is stored
  record Limits(int maxNewTokens, int batchSize, Keep keep) {}

  @Override
  public Object inputs() {
    return List.of(
        asked.identity(),
        Facts.hash(set.instructions()),
        set.name(),
        treatment.identity(),
        limits.maxNewTokens(),
        limits.keep(),
        judging.panel().versions(),
        judging.openingTokens(),
        Facts.hash(judging.plainTexts()));
  }

  @Override
  public Class<CompletionRow> type() {
    return CompletionRow.class;
  }

  @Override
  public String title() {
    return set.name() + ", " + treatment.variant();
  }

  @Override
  public int size() {
    return set.size();
  }

  @Override
  public int place(CompletionRow row) {
    return row.index();
  }

  /// At most one batch of completions is lost when the process is killed.
  @Override
  public long make(MissingRows<CompletionRow> missing) throws IOException {
    try {
      Workers.each(Workers.parts(missing.places()), places -> completed(missing, places));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return missing.added().stream().mapToLong(CompletionRow::tokens).sum();
  }

  private List<Integer> completed(MissingRows<CompletionRow> missing, List<Integer> places) {
    try {
      new Batch(missing).complete(places);
      return places;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A completion that is not judged yet.
  ///
  /// @param answer what is judged of it
  private record Written(
      int index, TokenIds prompt, TokenIds tokens, String end, String text, Answer answer) {}

  /// Completions gathered until the judges want them. Changed by every completion.
  private final class Batch {
    private final MissingRows<CompletionRow> missing;
    private final ChatModel model = asked.model();
    private final Panel panel = judging.panel();
    private final Optional<Openings> openings = judging.openings(model);
    private final HookPlan plan = treatment.policy().plan(model.config().nLayers());
    private final int size = panel.batch(Math.min(OPENINGS, limits.batchSize()));
    private final List<Written> waiting = new ArrayList<>();

    Batch(MissingRows<CompletionRow> missing) {
      this.missing = missing;
    }

    void complete(List<Integer> order) throws IOException {
      var prompts =
          order.stream()
              .map(i -> asked.formats().answering().format(instruction(i)).tokens())
              .toList();
      var options = model.greedy(limits.maxNewTokens(), limits.batchSize());
      new Generator(model.transformer(), options, plan)
          .complete(
              prompts,
              finished -> {
                var completion = finished.completion();
                take(
                    order.get(finished.prompt()),
                    prompts.get(finished.prompt()),
                    completion.tokens(),
                    completion.end().text());
              });
      flush();
    }

    private void take(int index, TokenIds prompt, TokenIds tokens, String end) {
      if (treatment.variant().equals(Variant.UNEDITED)) {
        asked.written().add(prompt, limits.maxNewTokens(), tokens);
      }
      String text = model.tokenizer().decode(tokens);
      waiting.add(new Written(index, prompt, tokens, end, text, asked.formats().answer(text)));
      if (waiting.size() >= size) {
        try {
          flush();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    /// Judges what is waiting and writes it down.
    private void flush() throws IOException {
      var answered = waiting.stream().filter(Batch::ended).toList();
      var labels = labels(answered);
      var harm = harm(answered);
      for (var written : waiting) {
        missing.add(
            row(
                written,
                labels.getOrDefault(written.index(), Map.of()),
                harm.getOrDefault(written.index(), Map.of())));
      }
      waiting.clear();
    }

    private static boolean ended(Written written) {
      return written.answer().state() != Answer.State.UNFINISHED;
    }

    private Map<Integer, Map<String, Refusal>> labels(List<Written> answered) {
      Map<Integer, Map<String, Refusal>> labels = new LinkedHashMap<>();
      var completions = completions(answered);
      for (var label : Labels.of(panel.judges(), completions)) {
        labels
            .computeIfAbsent(answered.get(label.row()).index(), _ -> new LinkedHashMap<>())
            .put(label.judge(), label.verdict().refusal());
      }
      openings.ifPresent(
          scored ->
              put(
                  labels,
                  answered,
                  Panel.FIRST_TOKEN,
                  scored.labels(answered.stream().map(this::beforeAnswer).toList(), plan)));
      return labels;
    }

    private Map<Integer, Map<String, Harm>> harm(List<Written> answered) {
      Map<Integer, Map<String, Harm>> labels = new LinkedHashMap<>();
      var completions =
          answered.stream()
              .map(w -> Completion.of(judging.instruction(w.index(), set), w.answer().text()))
              .toList();
      for (var judge : panel.harmJudges()) {
        var verdicts = judge.judgeAll(completions);
        put(labels, answered, judge.name(), verdicts.stream().map(v -> v.harm()).toList());
      }
      return labels;
    }

    private static <L> void put(
        Map<Integer, Map<String, L>> labels, List<Written> answered, String judge, List<L> said) {
      for (int i = 0; i < answered.size(); i++) {
        labels
            .computeIfAbsent(answered.get(i).index(), _ -> new LinkedHashMap<>())
            .put(judge, said.get(i));
      }
    }

    private List<Completion> completions(List<Written> answered) {
      return answered.stream()
          .map(w -> Completion.of(instruction(w.index()), w.answer().text()))
          .toList();
    }

    /// The prompt, and the thinking where there was some, up to where the answer begins.
    private TokenIds beforeAnswer(Written written) {
      return written.answer().state() == Answer.State.NOT_THINKING
          ? written.prompt()
          : Openings.beforeAnswer(
              written.prompt(), written.tokens(), written.answer().text(), model.tokenizer());
    }

    private CompletionRow row(
        Written written, Map<String, Refusal> labels, Map<String, Harm> harm) {
      return new CompletionRow(
          set.name(),
          treatment.variant(),
          written.index(),
          Sha256.ofText(instruction(written.index())),
          prompt(written.index()).category(),
          written.tokens().size(),
          written.end(),
          Sha256.ofText(written.text()),
          written.answer().state(),
          ended(written)
              ? Language.of(instruction(written.index()), written.answer().text())
              : Language.UNDETERMINED,
          ended(written) ? OutputFault.of(written.answer().text()) : OutputFault.NONE,
          labels,
          harm,
          limits.keep() == Keep.TEXT ? Optional.of(written.text()) : Optional.empty());
    }

    private LabelledPrompt prompt(int index) {
      return set.prompts().get(index);
    }

    private String instruction(int index) {
      return prompt(index).instruction();
    }
  }
}
