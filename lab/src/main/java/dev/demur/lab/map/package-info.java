/// Maps of many directions: which there are, how alike they are, and what one does to another's
/// prompts.
///
/// Input: a model and named [pairs][dev.demur.lab.map.pairs.Pair] of prompt sets. Output: a
/// [MapResult] with the cosines of all directions between what redrawn prompts and shuffled labels
/// give, how well each separates which prompts, and what ablating or adding one changes on the
/// prompts of another.
///
/// Start with [DirectionMap]. The rooms inside: `pairs` (what is compared), `reading` (where),
/// `geometry` (how alike directions are), `effect` (what they do), `style` (how they refuse).
/// Interventions are policies; a study of one direction is in `study`.
@NullMarked
package dev.demur.lab.map;

import org.jspecify.annotations.NullMarked;
