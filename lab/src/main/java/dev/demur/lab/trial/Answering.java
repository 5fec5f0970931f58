package dev.demur.lab.trial;

import dev.demur.lab.judge.Answer;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Labels;
import dev.demur.lab.judge.OutputFault;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Stage;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.ContrastGenerator;
import dev.demur.model.generate.ContrastGenerator.Pair;
import dev.demur.model.generate.Generator;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The stage that answers and judges one set in one row. Answers are written and judged in groups;
/// a stopped trial loses one at most.
///
/// @param row how the model is run
/// @param column which set
/// @param set its prompts
record Answering(
    ChatModel model,
    ModelIdentity identity,
    TrialRow row,
    Column column,
    PromptSet set,
    Panel panel,
    TrialConfig config)
    implements Stage.OfRows<AnswerRow> {

  @Override
  public String name() {
    return "trial-answer";
  }

  @Override
  public Object inputs() {
    return List.of(
        identity,
        row.identity(),
        keepsTokens(),
        set.instructions(),
        panel.versions(),
        config.maxNewTokens(),
        config.batch());
  }

  @Override
  public Class<AnswerRow> type() {
    return AnswerRow.class;
  }

  @Override
  public String title() {
    return row.name() + ", " + column.text();
  }

  @Override
  public int size() {
    return set.size();
  }

  @Override
  public int place(AnswerRow answer) {
    return answer.index();
  }

  /// Of the unedited model's answers to benign prompts the tokens are kept: what they cost in other
  /// rows is measured along them.
  private boolean keepsTokens() {
    return row.role() == TrialRow.Role.UNEDITED && column == Column.BENIGN;
  }

  @Override
  public long make(MissingRows<AnswerRow> missing) throws IOException {
    missing.inGroups(config.batch(), (places, rows) -> answered(places).forEach(rows));
    return missing.added().stream().mapToLong(AnswerRow::tokens).sum();
  }

  private List<AnswerRow> answered(List<Integer> places) {
    long start = System.nanoTime();
    var written = written(places);
    double seconds = (System.nanoTime() - start) / 1e9 / places.size();
    var answers =
        written.stream().map(one -> Answer.of(model.tokenizer().decode(one.tokens()))).toList();
    var completions =
        IntStream.range(0, places.size())
            .mapToObj(i -> Completion.of(instruction(places.get(i)), answers.get(i).text()))
            .toList();
    var refused = Labels.refusals(panel.judges(), completions);
    return IntStream.range(0, places.size())
        .mapToObj(
            i ->
                new AnswerRow(
                    places.get(i),
                    answers.get(i).state() == Answer.State.UNFINISHED ? Map.of() : refused.get(i),
                    OutputFault.of(answers.get(i).text()),
                    written.get(i).tokens().size(),
                    seconds,
                    keepsTokens() ? written.get(i).tokens().stream().boxed().toList() : List.of()))
        .toList();
  }

  private List<dev.demur.model.generate.Completion> written(List<Integer> places) {
    var plan = row.policy().plan(model.config().nLayers());
    var options = model.greedy(config.maxNewTokens(), config.batch());
    return switch (row.decoder()) {
      case Decoder.Greedy() ->
          new Generator(model.transformer(), options, plan)
              .complete(places.stream().map(i -> tokens(Wrap.none(), i)).toList(), _ -> {});
      case Decoder.SelfContrast(double ratio, var with) ->
          new ContrastGenerator(model.transformer(), options, plan, ratio)
              .complete(
                  places.stream()
                      .map(i -> new Pair(tokens(with, i), tokens(Wrap.none(), i)))
                      .toList());
    };
  }

  private TokenIds tokens(Wrap inside, int place) {
    return model.prompt(row.wrap().around(inside.around(instruction(place)))).tokens();
  }

  private String instruction(int place) {
    return set.prompts().get(place).instruction();
  }
}
