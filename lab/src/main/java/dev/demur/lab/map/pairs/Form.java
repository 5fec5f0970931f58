package dev.demur.lab.map.pairs;

/// How an instruction is put to the model.
public enum Form {
  /// As the chat template presents it.
  CHAT,
  /// As it is.
  RAW
}
