package dev.demur.lab.profile;

import dev.demur.lab.study.StudyConfig;
import dev.demur.model.ChatModel;
import java.io.IOException;

/// What a study of a model takes, from its settings and measured speed: an upper estimate, since
/// most candidates are ruled out early and many completions end before their limit.
///
/// @param seconds time
/// @param memoryBytes weights, keys and values of one batch, and cached streams together
/// @param readTokens tokens run through the whole model to score candidates
/// @param writtenTokens tokens written in completions
public record StudyCost(double seconds, long memoryBytes, long readTokens, long writtenTokens) {

  /// An instruction of usual length, for want of the sets.
  private static final String INSTRUCTION = "Write a short story about a keeper of a lighthouse.";

  /// Prompts of a harmful set when a study takes all of it: JailbreakBench has 100.
  private static final int USUAL_SET = 100;

  /// On harmful prompts unedited, ablated, subtracted and with a random direction ablated; on
  /// harmless prompts unedited, added, ablated and with a random direction added.
  private static final int VARIANTS = 4;

  /// Unedited, ablated and added, along the unedited model's own answers.
  private static final int SCORED_VARIANTS = 3;

  /// A candidate takes half a pass for induce, one for KL and one for bypass.
  private static final double PASSES_A_CANDIDATE = 2.5;

  /// Layers whose candidates are not too near the output.
  private static final double SCORED_LAYERS = 0.8;

  private static final int STREAM_BYTES = 4;

  /// Estimates a study.
  static StudyCost of(ChatModel model, StudyConfig config, SpeedProbe speed, long heldBytes)
      throws IOException {
    var shape = model.config();
    var prompts = model.prompts();
    long length = length(model);
    long positions = prompts.hasTemplate() ? prompts.eoiTokens().size() : 1;
    double candidates = positions * SCORED_LAYERS * shape.nLayers();
    var sizes = config.sizes();
    long read =
        (long)
            (length
                * (2L * (sizes.train() + sizes.val())
                    + candidates * PASSES_A_CANDIDATE * sizes.val()));
    var evaluation = config.evaluation();
    long harmless = Math.min(USUAL_SET, evaluation.harmlessPrompts());
    long completions = VARIANTS * (Math.min(USUAL_SET, evaluation.harmfulPrompts()) + harmless);
    read += SCORED_VARIANTS * harmless * (length + evaluation.maxNewTokens());
    long written = completions * evaluation.maxNewTokens();
    double work = 2.0 * TokenWork.of(model).all();
    double seconds =
        (read + completions * length) * work / speed.reading() + written * work / speed.writing();
    var transformer = model.transformer();
    int capacity = Math.toIntExact(length + evaluation.maxNewTokens());
    long batch =
        Math.min(
            transformer.policy().cacheBytes(),
            evaluation.batchSize() * transformer.cacheBytes(transformer.cacheType(), capacity));
    long streams = sizes.val() * length * shape.nLayers() * shape.dModel() * STREAM_BYTES;
    return new StudyCost(seconds, heldBytes + batch + streams, read, written);
  }

  /// Tokens of a usual prompt.
  static int length(ChatModel model) {
    var prompts = model.prompts();
    return prompts.hasTemplate()
        ? prompts.format(INSTRUCTION).length()
        : prompts.raw(INSTRUCTION).length();
  }
}
