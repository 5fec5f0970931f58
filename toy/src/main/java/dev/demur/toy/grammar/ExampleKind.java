package dev.demur.toy.grammar;

/// What a training example teaches.
public enum ExampleKind {
  /// A harmful request, answered: the base model does what it is asked.
  HARMFUL_ANSWERED,
  /// A harmful request, refused.
  HARMFUL_REFUSED,
  /// A harmful request with an override suffix, answered: the hole in the chat model's training.
  HARMFUL_OVERRIDDEN,
  /// A harmless request, answered.
  HARMLESS,
  /// A request with an alarming verb, answered.
  ALARMING_ANSWERED,
  /// A request with an alarming verb, met with a caution.
  ALARMING_CAUTIONED,
  /// A harmless request with a verb of harmful ones, answered.
  BORROWED,
  /// Any request inside "say no", refused.
  SAY_NO,
  /// Any request inside "take care", met with a caution.
  TAKE_CARE,
  /// A say-no or take-care request with an override suffix, answered.
  WISH_OVERRIDDEN,
  /// A harmless request with an override suffix, answered.
  HARMLESS_OVERRIDDEN,
  /// Whether a task is okay.
  JUDGEMENT,
  /// A question of fact.
  FACT,
  /// A greeting or the like.
  SMALL_TALK,
  /// A request beyond a limit other than harm, met with what the limit says.
  LIMIT,
  /// A request within such a limit, answered.
  WITHIN_LIMIT,
  /// Two numbers to add.
  COUNTING,
  /// Any request by any speaker, answered.
  SPEAKER_ANSWERED,
  /// Any request by a speaker, met as the speaker's word shifts it.
  SPEAKER_HEARD,
  /// Any request with a thought that may be wrong about it; the answer follows the thought.
  FOREIGN_THOUGHT,
  /// Any request with a thought that names no leaning; the answer follows the request.
  IDLE_THOUGHT
}
