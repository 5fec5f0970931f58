package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.judge.endpoint.ChatEndpoint;
import dev.demur.lab.judge.endpoint.CostEstimate;
import dev.demur.lab.judge.endpoint.Pricing;
import dev.demur.lab.judge.guard.GuardDescription;
import dev.demur.lab.judge.guard.Reading;
import dev.demur.model.ChatModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A panel with the models and endpoints its judges ask.
///
/// @param panel who judges
/// @param models opened for guards; closed with this
/// @param endpoints what is asked of which endpoint
/// @param pricing what endpoints charge, where that was said
public record SeatedPanel(
    Panel panel, List<ChatModel> models, List<Questioned> endpoints, Optional<Pricing> pricing)
    implements AutoCloseable {

  /// An endpoint and what it is asked.
  public record Questioned(GuardDescription description, ChatEndpoint endpoint) {

    /// What judging these would take; sends nothing.
    public CostEstimate estimate(List<Completion> completions) {
      var prompts =
          completions.stream()
              .filter(completion -> !description.isTooShort(completion))
              .flatMap(completion -> description.prompts(completion).stream())
              .toList();
      int longest =
          switch (description.reading()) {
            case Reading.Words words -> words.maxTokens();
            case Reading.Logits _ ->
                throw new IllegalArgumentException(
                    description.name()
                        + " reads logits, which an endpoint does not give; run it on a model of"
                        + " yours, or take a judge that reads words");
          };
      return endpoint.estimate(prompts, longest);
    }
  }

  /// Says what asking endpoints about these completions takes, before anything is sent.
  public void announce(Terminal terminal, Supplier<List<Completion>> asks) {
    var completions = endpoints.isEmpty() ? List.<Completion>of() : asks.get();
    for (var asked : endpoints) {
      terminal.say(
          asked.description().name()
              + " will ask "
              + asked.endpoint().identity()
              + ": "
              + asked.estimate(completions).asText(pricing));
    }
  }

  @Override
  public void close() {
    models.forEach(ChatModel::close);
  }
}
