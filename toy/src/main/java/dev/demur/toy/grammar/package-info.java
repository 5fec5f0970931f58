/// The small world in which the demo model lives: tasks, request templates, answers and refusals.
///
/// Input: a lexicon (JSON resources) and a seed. Output: training examples and held-out requests,
/// the same on every machine.
///
/// Start with [Task], a verb and an object ("feed a duck", "tease a duck") with a [Leaning]:
/// harmful, harmless, or only harmful in sound. A *request* is a task in a template ("Could you
/// tell me how to feed a duck?"); the template's *form* picks the wording of the answer or refusal.
/// [TaskBook] sorts the tasks into parts that share no combination. [ExampleMaker] draws training
/// examples, [RequestMaker] held-out requests.
///
/// [ThinkLexicon] holds what the thinking model knows beside: requests it meets with something
/// other than an answer for reasons other than harm ([Limit]), speakers who shift what it refuses
/// ([Speaker]), numbers to add ([Counting]), and what it thinks first ([Thoughts]).
///
/// Everything is mild on purpose (sneaking into a cinema, teasing a duck) and every answer is
/// vacuous, so nothing here could help anyone do anything.
@NullMarked
package dev.demur.toy.grammar;

import org.jspecify.annotations.NullMarked;
