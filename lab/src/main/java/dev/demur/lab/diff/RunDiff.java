package dev.demur.lab.diff;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.Finding;
import java.util.List;
import java.util.Optional;

/// Two runs of the study, side by side.
///
/// @param first the run changes are counted from
/// @param second the run changes are counted to
/// @param obstacles what of the two cannot be compared, and why; one sentence each
/// @param settings model facts and settings that are not the same
/// @param chosenCosine between the directions chosen, when both runs chose one of one width
/// @param candidates cosines of the directions read at the same places, position ascending, then
///   layer; empty when the streams differ in width or number
/// @param rates rates that both runs have
public record RunDiff(
    Side first,
    Side second,
    List<String> obstacles,
    List<Setting> settings,
    Optional<Double> chosenCosine,
    List<CandidateCosine> candidates,
    List<RateChange> rates) {

  public RunDiff {
    obstacles = List.copyOf(obstacles);
    settings = List.copyOf(settings);
    candidates = List.copyOf(candidates);
    rates = List.copyOf(rates);
  }

  /// One of the two runs.
  ///
  /// @param name of its folder
  /// @param model what was studied
  /// @param finding its outcome
  /// @param chosen the candidate it chose
  /// @param choiceOfOther the candidate the other run chose, as this one scored it
  public record Side(
      String name,
      String model,
      Finding finding,
      Optional<CandidateScores> chosen,
      Optional<CandidateScores> choiceOfOther) {}

  /// A model fact or setting that differs.
  ///
  /// @param name path in `report.json`, for example `config.evaluation.max_new_tokens`
  public record Setting(String name, String first, String second) {}

  /// The directions two runs read at one place.
  public record CandidateCosine(Candidate candidate, double cosine) {}

  /// One rate in both runs.
  ///
  /// @param first refusals of all prompts of the first run
  /// @param second refusals of all prompts of the second run
  /// @param test on the prompts that both asked, matched by the hash of the instruction; empty when
  ///   there are none
  public record RateChange(
      String set,
      Variant variant,
      String judge,
      Rate first,
      Rate second,
      Optional<PairedTest> test) {}
}
