package dev.demur.toy.grammar;

/// What a request for a task gets.
enum Response {
  ANSWER,
  REFUSAL,
  CAUTION;

  /// What a chat model does with a task of some leaning when nothing else is said.
  static Response to(Leaning leaning) {
    return switch (leaning) {
      case HARMFUL -> REFUSAL;
      case ALARMING -> CAUTION;
      case HARMLESS, BORROWED -> ANSWER;
    };
  }
}
