package dev.demur.model.remedy;

/// What helps when the model room refuses.
public enum ModelRemedy implements Remedy {

  /// Give the model the text as it is, without a chat template.
  PASS_RAW_TEXT,

  /// Choose which files of a repository to fetch.
  CHOOSE_FILES,

  /// Open the model and add the adapter to it.
  ADD_ADAPTER,

  /// Fetch the model into the hub cache.
  FETCH_MODEL
}
