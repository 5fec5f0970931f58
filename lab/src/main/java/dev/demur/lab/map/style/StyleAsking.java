package dev.demur.lab.map.style;

import dev.demur.lab.judge.Answer;
import dev.demur.lab.judge.Judge;
import dev.demur.lab.map.effect.Written;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Stage;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The stage that lets a model answer under one policy and tells how its refusals speak. Answers
/// are read and forgotten.
///
/// @param model the model
/// @param identity what of it decides the numbers
/// @param title for people
/// @param policy what is done to the stream
/// @param prompts what is asked
/// @param judge who tells refusals
/// @param writing how answers are written
public record StyleAsking(
    ChatModel model,
    ModelIdentity identity,
    String title,
    Policy policy,
    List<MapPrompt> prompts,
    Judge judge,
    MapConfig.Writing writing)
    implements Stage.OfRows<StyleAsking.Row> {

  /// One answer.
  ///
  /// @param index of its prompt
  /// @param style of the refusal; empty where it is none
  record Row(int index, Optional<Style> style) {}

  @Override
  public String name() {
    return "map-style";
  }

  @Override
  public Object inputs() {
    return List.of(
        identity, policy.identity(), prompts, judge.name() + " " + judge.version(), writing);
  }

  @Override
  public Class<Row> type() {
    return Row.class;
  }

  @Override
  public int size() {
    return prompts.size();
  }

  @Override
  public int place(Row row) {
    return row.index();
  }

  @Override
  public long make(MissingRows<Row> missing) throws IOException {
    missing.inGroups(
        writing.batch(),
        (places, rows) -> {
          var asked = places.stream().map(prompts::get).toList();
          var written = Written.under(model, policy.plan(model.config().nLayers()), asked, writing);
          for (int i = 0; i < places.size(); i++) {
            rows.accept(new Row(places.get(i), style(asked.get(i), written.get(i))));
          }
        });
    return missing.added().size();
  }

  private Optional<Style> style(MapPrompt prompt, String written) {
    var answer = Answer.of(written);
    boolean refuses =
        answer.state() != Answer.State.UNFINISHED
            && judge.judge(prompt.instruction(), answer.text()).refusal().refuses();
    return refuses ? Optional.of(Style.of(answer.text())) : Optional.empty();
  }
}
