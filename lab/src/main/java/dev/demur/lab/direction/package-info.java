/// Directions of the residual stream: where activations of two prompt sets differ, and which
/// candidate to use.
///
/// Input: two sets of prompts and a model. Output: a [Direction].
///
/// Read in this order: [PromptActivations] (what a pass keeps), [CandidateGrid] (differences of
/// means), [Selection] (three scores a candidate, filters, the choice), [Direction] (the result),
/// [DirectionFile] (on disk). [DirectionImport] reads other tools' files.
@NullMarked
package dev.demur.lab.direction;

import org.jspecify.annotations.NullMarked;
