package dev.demur.serve.study;

import dev.demur.lab.prompts.PromptPools;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.prompts.SampleSizes;
import dev.demur.lab.prompts.Split;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.run.Manifest;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.Evaluation;
import dev.demur.lab.study.Study;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyData;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.util.List;

/// A study that was asked for.
///
/// @param data its prompts
/// @param config its sizes
record StudyRequest(StudyData data, StudyConfig config) implements Job {

  private static final String TOOL = "the server of demur";
  private static final int MOST_PROMPTS = 10_000;
  private static final int FEWEST_PROMPTS = 8;
  private static final int USUAL_TRAIN = 32;
  private static final int USUAL_VAL = 16;
  private static final int USUAL_TOKENS = 48;
  private static final int USUAL_EVALUATED = 24;

  /// Of the prompts that are given, this part is for extraction; of the rest one half for choosing
  /// and one half for measuring.
  private static final int TRAIN_PART = 2;

  static StudyRequest of(Fields body, String model) throws IOException {
    var data = data(body, model);
    int train = body.whole("train", 1, MOST_PROMPTS).orElse(USUAL_TRAIN);
    int val = body.whole("val", 1, MOST_PROMPTS).orElse(USUAL_VAL);
    int evaluated = body.whole("evaluated", 1, MOST_PROMPTS).orElse(USUAL_EVALUATED);
    var pools = data.pools();
    var sizes =
        new SampleSizes(
            Math.min(train, Math.min(pools.harmfulTrain().size(), pools.harmlessTrain().size())),
            Math.min(val, Math.min(pools.harmfulVal().size(), pools.harmlessVal().size())));
    return new StudyRequest(
        data,
        StudyConfig.quick()
            .withSeed(body.large("seed").orElse(StudyConfig.quick().seed()))
            .withSizes(sizes)
            .withEvaluation(
                Evaluation.quick()
                    .withHarmfulPrompts(evaluated)
                    .withHarmlessPrompts(evaluated)
                    .withMaxNewTokens(body.whole("max_new_tokens", 1, 4096).orElse(USUAL_TOKENS))));
  }

  @Override
  public Kind kind() {
    return Kind.STUDY;
  }

  @Override
  public Found run(ServedModel model, RunStore store, Progress progress) throws IOException {
    var study = Study.of(model.chat(), data, config);
    var run = study.run(store, progress);
    new StudyFolder(store.folder()).write(study, run, Manifest.Origin.of(TOOL));
    return new Found(run.result().finding().sentence(), List.of());
  }

  private static StudyData data(Fields body, String model) throws IOException {
    if (!body.has("harmful") && !body.has("harmless") && DemoModel.named(model).isPresent()) {
      var sets = ReleasedLayout.at(DemoModel.prompts());
      return new StudyData(
          sets.pools(), List.of(sets.harmful(Split.TEST)), sets.harmless(Split.TEST));
    }
    var harmful = Parts.of(body, "harmful");
    var harmless = Parts.of(body, "harmless");
    return new StudyData(
        new PromptPools(harmful.train, harmless.train, harmful.val, harmless.val),
        List.of(harmful.test),
        harmless.test);
  }

  /// Prompts of one kind, in three parts.
  private record Parts(PromptSet train, PromptSet val, PromptSet test) {

    static Parts of(Fields body, String field) {
      var all = body.texts(field, MOST_PROMPTS);
      if (all.size() < FEWEST_PROMPTS) {
        throw ApiException.invalid(
            field, field + " must have at least " + FEWEST_PROMPTS + " prompts, had " + all.size());
      }
      int train = all.size() / TRAIN_PART;
      int val = train + (all.size() - train) / 2;
      return new Parts(
          PromptSet.of(field + "_train", all.subList(0, train)),
          PromptSet.of(field + "_val", all.subList(train, val)),
          PromptSet.of(field + "_test", all.subList(val, all.size())));
    }
  }
}
