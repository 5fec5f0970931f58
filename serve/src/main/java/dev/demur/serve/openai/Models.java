package dev.demur.serve.openai;

import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ApiException.Reason;
import dev.demur.serve.registry.Treatments;
import java.util.List;

/// The models there are: the served one, and the same under each named policy.
///
/// @param model the model
/// @param treatments its policies
record Models(ServedModel model, Treatments treatments) {

  /// A list of models.
  record ModelList(String object, List<Model> data) {}

  /// A model.
  ///
  /// @param id its name
  /// @param object `model`
  /// @param created when the server began, seconds since 1970
  /// @param ownedBy `demur`
  /// @param maxModelLen tokens of a prompt and its answer
  /// @param policy what is done to it
  /// @param weightsSha256 of its weight files
  record Model(
      String id,
      String object,
      long created,
      String ownedBy,
      int maxModelLen,
      String policy,
      String weightsSha256) {}

  ModelList list() {
    return new ModelList("list", treatments.modelNames().stream().map(this::model).toList());
  }

  Model one(String id) {
    if (!treatments.modelNames().contains(id)) {
      throw new ApiException(
          Reason.MODEL, "no model is called \"" + id + "\"; there are " + treatments.modelNames());
    }
    return model(id);
  }

  private Model model(String id) {
    return new Model(
        id,
        "model",
        model.since().getEpochSecond(),
        "demur",
        model.context(),
        treatments.policyOf(id).toString(),
        model.weightsSha256());
  }
}
