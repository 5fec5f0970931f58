package dev.demur.lab.think;

import dev.demur.lab.judge.Answer;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Labels;
import dev.demur.lab.judge.OutputFault;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Stage;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The stage that thinks, answers and judges one set in one cell.
///
/// @param passes writes
/// @param identity of the model
/// @param cell which
/// @param set its prompts
/// @param own the model's own unedited thoughts, one a prompt; empty where they are to be written
/// @param panel who judges
/// @param filler words of a thought about nothing
record CellAnswers(
    TwoPass passes,
    ModelIdentity identity,
    GridCell cell,
    PromptSet set,
    List<Thought> own,
    Panel panel,
    String filler)
    implements Stage.OfRows<GridRow> {

  @Override
  public String name() {
    return "thinking-answer";
  }

  @Override
  public Object inputs() {
    return List.of(
        identity,
        cell.source(),
        cell.thought().identity(),
        cell.after().identity(),
        set.instructions(),
        panel.versions(),
        passes.thoughtTokens(),
        passes.answerTokens(),
        passes.batch(),
        cell.source() == ThoughtSource.FILLER ? filler : "");
  }

  @Override
  public Class<GridRow> type() {
    return GridRow.class;
  }

  @Override
  public String title() {
    return cell.name() + ", " + set.name();
  }

  @Override
  public int size() {
    return set.size();
  }

  @Override
  public int place(GridRow row) {
    return row.index();
  }

  @Override
  public long make(MissingRows<GridRow> missing) throws IOException {
    missing.inGroups(passes.batch(), (places, rows) -> answered(places).forEach(rows));
    return missing.added().stream()
        .mapToLong(row -> row.thought().size() + row.answer().size())
        .sum();
  }

  private List<GridRow> answered(List<Integer> places) {
    var prompts = places.stream().map(this::prompt).toList();
    var thoughts = thoughts(places, prompts);
    var closed = new ArrayList<Integer>();
    for (int i = 0; i < places.size(); i++) {
      if (thoughts.get(i).isClosed()) {
        closed.add(i);
      }
    }
    var written =
        passes.answers(
            closed.stream().map(prompts::get).toList(),
            closed.stream().map(thoughts::get).toList(),
            cell.after());
    var answers = new LinkedHashMap<Integer, TokenIds>();
    for (int i = 0; i < closed.size(); i++) {
      answers.put(closed.get(i), written.get(i).tokens());
    }
    return rows(places, thoughts, answers);
  }

  private List<GridRow> rows(
      List<Integer> places, List<Thought> thoughts, Map<Integer, TokenIds> answers) {
    var order = List.copyOf(answers.keySet());
    var texts =
        order.stream()
            .map(i -> answers.getOrDefault(i, TokenIds.of()))
            .map(tokens -> Answer.of(passes.model().tokenizer().decode(tokens)).text().strip())
            .toList();
    var completions = new ArrayList<Completion>();
    for (int i = 0; i < order.size(); i++) {
      String instruction = set.instructions().get(places.get(order.get(i)));
      completions.add(Completion.of(instruction, texts.get(i)));
    }
    var refused = Labels.refusals(panel.judges(), completions);
    var rows = new ArrayList<GridRow>();
    for (int i = 0; i < places.size(); i++) {
      int at = order.indexOf(i);
      rows.add(
          new GridRow(
              places.get(i),
              thoughts.get(i).tokens().toList(),
              thoughts.get(i).isClosed(),
              at < 0 ? Map.of() : refused.get(at),
              at < 0 ? OutputFault.NONE : OutputFault.of(texts.get(at)),
              Optional.ofNullable(answers.get(i)).map(TokenIds::toList).orElse(List.of())));
    }
    return rows;
  }

  private List<Thought> thoughts(List<Integer> places, List<TokenIds> prompts) {
    return switch (cell.source()) {
      case OWN ->
          own.isEmpty()
              ? passes.thoughts(prompts, cell.thought())
              : places.stream().map(own::get).toList();
      case STEERED -> passes.thoughts(prompts, cell.thought());
      case NONE -> places.stream().map(_ -> passes.block().of("")).toList();
      case FILLER -> places.stream().map(_ -> passes.block().of(filler)).toList();
      case FOREIGN -> places.stream().map(place -> own.get((place + 1) % own.size())).toList();
    };
  }

  private TokenIds prompt(int place) {
    return passes.model().prompt(set.instructions().get(place)).tokens();
  }
}
