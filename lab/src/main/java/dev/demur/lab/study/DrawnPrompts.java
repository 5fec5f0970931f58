package dev.demur.lab.study;

import dev.demur.lab.prompts.Overlap;
import dev.demur.lab.prompts.OverlapCheck;
import dev.demur.lab.prompts.PromptSampler;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.prompts.Sample;
import dev.demur.lab.prompts.SamplingMode;
import dev.demur.lab.study.StudyResult.DataFacts;
import dev.demur.lab.study.StudyResult.OverlapFacts;
import dev.demur.lab.study.StudyResult.SetFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The prompts a study has drawn.
///
/// @param samples the four samples of extraction and selection, by role, in the order of the draw
/// @param harmful evaluation samples that show the behaviour
/// @param harmless the evaluation sample that does not
record DrawnPrompts(Map<Role, Sample> samples, List<Sample> harmful, Sample harmless) {

  /// Draws as the configuration says. The harmless evaluation sample is the fifth draw, as in the
  /// released code; shortened harmful sets have streams of their own.
  static DrawnPrompts draw(StudyData data, StudyConfig config) {
    var sampler = PromptSampler.of(config.sampling(), config.seed());
    var study = sampler.draw(data.pools(), config.sizes());
    var samples = new LinkedHashMap<Role, Sample>();
    samples.put(Role.HARMFUL_TRAIN, study.harmfulTrain());
    samples.put(Role.HARMLESS_TRAIN, study.harmlessTrain());
    samples.put(Role.HARMFUL_VAL, study.harmfulVal());
    samples.put(Role.HARMLESS_VAL, study.harmlessVal());
    var harmless =
        sample(
            sampler,
            "sample-baseline-evaluation",
            data.harmlessSet(),
            config.evaluation().harmlessPrompts());
    var own = PromptSampler.of(SamplingMode.SEEDED, config.seed());
    var harmful =
        data.harmfulSets().stream()
            .map(
                set ->
                    sample(
                        own,
                        "sample-" + set.name() + "-evaluation",
                        set,
                        config.evaluation().harmfulPrompts()))
            .toList();
    return new DrawnPrompts(samples, harmful, harmless);
  }

  private static Sample sample(PromptSampler sampler, String stage, PromptSet set, int most) {
    return set.size() <= most ? Sample.whole(set) : sampler.draw(stage, set, most);
  }

  /// One of the four samples of extraction and selection.
  Sample sample(Role role) {
    return Optional.ofNullable(samples.get(role)).orElseThrow();
  }

  List<List<String>> allInstructions() {
    return samples.values().stream().map(Sample::instructions).toList();
  }

  List<PromptSet> harmfulSets() {
    return harmful.stream().map(DrawnPrompts::set).toList();
  }

  List<PromptSet> evaluationSets() {
    return Stream.concat(harmfulSets().stream(), Stream.of(harmlessSet())).toList();
  }

  Set<String> harmfulNames() {
    return harmfulSets().stream().map(PromptSet::name).collect(Collectors.toSet());
  }

  PromptSet harmlessSet() {
    return set(harmless);
  }

  /// What a report says of the data, with the overlap of drawn and evaluation prompts.
  DataFacts facts() {
    var sets = new ArrayList<SetFacts>();
    samples.forEach((role, sample) -> sets.add(facts(role, sample)));
    harmful.forEach(sample -> sets.add(facts(Role.HARMFUL_EVALUATION, sample)));
    sets.add(facts(Role.HARMLESS_EVALUATION, harmless));
    var overlaps = new ArrayList<OverlapFacts>();
    samples.forEach(
        (role, sample) -> {
          for (var other : role.isHarmful() ? harmful : List.of(harmless)) {
            overlaps.add(overlap(role, sample, other));
          }
        });
    return new DataFacts(sets, overlaps);
  }

  private static OverlapFacts overlap(Role role, Sample drawn, Sample evaluation) {
    var pairs = OverlapCheck.usual().between(set(drawn), set(evaluation));
    int exact = (int) pairs.stream().filter(p -> p.kind() == Overlap.Kind.SAME).count();
    return new OverlapFacts(role, evaluation.pool().name(), exact, pairs.size() - exact);
  }

  private static SetFacts facts(Role role, Sample sample) {
    return new SetFacts(
        role, sample.pool().name(), sample.pool().sha256(), sample.pool().size(), sample.indices());
  }

  private static PromptSet set(Sample sample) {
    return new PromptSet(sample.pool().name(), sample.prompts(), sample.pool().sha256());
  }
}
