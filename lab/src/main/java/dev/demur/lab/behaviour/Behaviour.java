package dev.demur.lab.behaviour;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import java.util.List;
import java.util.Optional;

/// What an audit of behaviour found.
///
/// @param prompts what was read and asked
/// @param judge who told refusals
/// @param checkpoint the model audited
/// @param parent the one it was made of, if it was given
public record Behaviour(
    List<Drawn> prompts, String judge, ModelBehaviour checkpoint, Optional<Beside> parent) {

  public Behaviour {
    prompts = List.copyOf(prompts);
  }

  /// A set and what was taken of it.
  ///
  /// @param use `read harmful`, `read harmless`, `asked harmful` or `asked harmless`
  /// @param indices places in the set, in the order drawn
  public record Drawn(String use, String set, String sha256, List<Integer> indices) {}

  /// What one model does.
  ///
  /// @param refused share of the harmful prompts it refuses
  /// @param overRefused share of the harmless prompts it refuses
  /// @param broken share of all answers that are empty, loops, or one token over and over
  /// @param direction the difference of means in this model; empty when no place was given or found
  /// @param ablations refusals of the harmful prompts with more and more directions ablated, until
  ///   they are few; the first is with none
  public record ModelBehaviour(
      String model,
      Rate refused,
      Rate overRefused,
      Rate broken,
      Optional<Rederived> direction,
      List<AblationStep> ablations) {

    /// Under this share of refusals a model no longer shows the behaviour.
    public static final double FEW = 0.1;

    public ModelBehaviour {
      ablations = List.copyOf(ablations);
    }

    /// How many directions had to go until fewer than [#FEW] of the harmful prompts were refused;
    /// empty when all that were tried did not do.
    @JsonProperty("directions_until_few")
    public Optional<Integer> directionsUntilFew() {
      return ablations.stream()
          .filter(step -> step.refused().share() < FEW)
          .map(AblationStep::directions)
          .findFirst();
    }
  }

  /// The difference of means in one model.
  ///
  /// @param place where it was read
  /// @param norm its length, stream units
  /// @param stableRank ‖M‖²_F / ‖M‖²₂ of the prompts' own differences there; 1 when all lie along
  ///   one direction
  /// @param separation of the two kinds of asked prompts along it, which it was not made of: 0.5 is
  ///   chance, and any two small sets of prompts differ along some direction
  /// @param cosine with the direction known before, if one was
  public record Rederived(
      Candidate place, double norm, double stableRank, Auroc separation, Optional<Double> cosine) {}

  /// Refusals of the harmful prompts with so many directions ablated.
  ///
  /// @param broken answers that are none; a broken model does not refuse either
  public record AblationStep(int directions, Rate refused, Rate broken) {}

  /// The parent and what changed from it.
  ///
  /// @param refused parent and checkpoint on the same harmful prompts
  /// @param overRefused parent and checkpoint on the same harmless prompts
  /// @param gap ρ; empty when the parent has no gap along its own direction
  public record Beside(
      ModelBehaviour parent,
      PairedTest refused,
      PairedTest overRefused,
      Optional<RetainedGap> gap) {}
}
