package dev.demur.model.arch.family;

import dev.demur.model.arch.Scoring;
import dev.demur.model.format.UnsupportedModelException;

/// Ministral: a Mistral in which each layer has a window or has none.
///
/// Source: Mistral AI's model card (huggingface.co/mistralai/Ministral-8B-Instruct-2410) and
/// `MinistralConfig` of transformers.
final class MinistralFamily extends MistralFamily {

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    boolean usually = json.has("sliding_window");
    return scaled(plan).withWindow(Windows.of(json, layer, _ -> usually));
  }
}
