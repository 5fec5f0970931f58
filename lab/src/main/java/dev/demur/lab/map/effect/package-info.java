/// What edits along directions change on prompts.
///
/// Input: [dev.demur.lab.map.reading.Placed] directions, sets of prompts and an [Outcome]. Output:
/// an [Effect] for every edit and set, against the unedited model on the same prompts, and the rows
/// of the controlled set. Start with [Effects].
@NullMarked
package dev.demur.lab.map.effect;

import org.jspecify.annotations.NullMarked;
