package dev.demur.lab.direction;

import dev.demur.lab.stats.Interval;
import java.util.List;

/// How sure a direction is: what other prompts of the same kind would have given.
///
/// Two things are resampled, apart from each other. The training prompts, for the direction at the
/// chosen place: [#stability] and [#nulls]. The validation prompts, for the choice of the place:
/// [#choice]. Candidates are not estimated anew when validation prompts are resampled, since each
/// would have to be scored by the model again; so the choice is, if anything, less sure than this
/// says.
///
/// @param stability of the direction at the chosen place
/// @param nulls what directions that mean nothing look like
/// @param choice of the place
public record DirectionUncertainty(Stability stability, Nulls nulls, Choice choice) {

  /// How much the direction depends on which training prompts were drawn.
  ///
  /// @param resamples how many times training prompts were drawn anew, with replacement
  /// @param cosine of the direction with those of the resamples
  /// @param splits how many times the training prompts were halved
  /// @param splitHalf cosine of the directions of the two halves
  public record Stability(int resamples, Cosine cosine, int splits, Cosine splitHalf) {}

  /// A cosine over resamples.
  ///
  /// @param mean over resamples
  /// @param interval the middle 95 % of the resamples
  public record Cosine(double mean, Interval interval) {}

  /// Directions that mean nothing, at the same place.
  ///
  /// Shuffled labels are held against the length of the difference, not its direction: whatever
  /// imbalance a shuffle leaves lies along the axis on which the prompts differ most, which is the
  /// direction itself.
  ///
  /// @param draws of each kind
  /// @param norm of the difference of means, stream units
  /// @param shuffledNorm 95th percentile of that norm when labels are shuffled among training
  ///   prompts
  /// @param shuffledPValue share of shuffles with a norm as large, the data counted as one
  /// @param randomCosine 95th percentile of |cosine| between the direction and random ones
  public record Nulls(
      int draws, double norm, double shuffledNorm, double shuffledPValue, double randomCosine) {}

  /// How much the choice depends on which validation prompts were drawn.
  ///
  /// @param resamples how many times validation prompts were drawn anew, with replacement
  /// @param none resamples in which no candidate passed the filters
  /// @param contenders the chosen candidate first, then all others that passed the filters or won a
  ///   resample, by bypass score
  public record Choice(int resamples, int none, List<Contender> contenders) {

    public Choice {
      contenders = List.copyOf(contenders);
    }

    /// Resamples that choose the same candidate.
    public int same() {
      return contenders.getFirst().wins();
    }

    /// The candidates, besides the chosen one, that cannot be separated from it.
    public List<Contender> tied() {
      return contenders.stream().skip(1).filter(Contender::isTied).toList();
    }
  }

  /// A candidate beside the chosen one.
  ///
  /// @param candidate its place
  /// @param wins resamples that choose it
  /// @param difference its bypass score minus the chosen one's on the same prompts, nats; positive
  ///   is worse
  /// @param interval of the difference (Student)
  /// @param pValue of "no difference" (Student, paired, two-sided); 1 for the chosen one
  /// @param adjusted by Holm over all contenders
  public record Contender(
      Candidate candidate,
      int wins,
      double difference,
      Interval interval,
      double pValue,
      double adjusted) {

    private static final double SIGNIFICANCE = 0.05;

    /// Whether the prompts cannot tell it from the chosen one at the 5 % level.
    public boolean isTied() {
      return adjusted >= SIGNIFICANCE;
    }
  }
}
