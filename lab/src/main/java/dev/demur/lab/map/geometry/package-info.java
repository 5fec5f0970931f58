/// How alike directions are, with what redrawn prompts and shuffled labels give beside it.
///
/// Input: [dev.demur.lab.map.reading.Placed] directions. Output: [Angle]s of all pairs of them,
/// what each is by itself ([PairGeometry]), how far the two sides of a pair lie apart ([Apart]), an
/// order and a plane in which like ones stand together ([Layout]). Start with [Angles].
@NullMarked
package dev.demur.lab.map.geometry;

import org.jspecify.annotations.NullMarked;
