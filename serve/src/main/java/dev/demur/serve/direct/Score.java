package dev.demur.serve.direct;

import dev.demur.serve.registry.Done;
import java.util.List;
import java.util.Optional;

/// How strongly a prompt's next token opens a refusal, and where its stream lies.
///
/// @param version of this form
/// @param direction name of what was read along
/// @param rows the unedited model's; then the policy's, where one was asked for
/// @param done what the policy does
public record Score(int version, String direction, List<Row> rows, Optional<Done> done) {

  /// Raised when a reader of the old form would misread the new.
  public static final int VERSION = 1;

  public Score {
    rows = List.copyOf(rows);
  }

  /// One way of running the model.
  ///
  /// @param policy the line; empty for the unedited model
  /// @param score refusal score, nats; above 0 a refusal is likelier than not
  /// @param probability of the tokens that open a refusal, together
  /// @param projections x·r̂ entering each layer at the prompt's last token, stream units
  /// @param nullBand for each of these, how far from 0 a direction drawn at random reads in 95 of
  ///   100 draws
  public record Row(
      String policy,
      double score,
      double probability,
      List<Double> projections,
      List<Double> nullBand) {

    public Row {
      projections = List.copyOf(projections);
      nullBand = List.copyOf(nullBand);
    }
  }
}
