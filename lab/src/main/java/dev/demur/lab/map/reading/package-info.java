/// Where directions are read, and what the stream shows there.
///
/// Input: [dev.demur.lab.map.pairs.Pair]s and a [MapConfig]. Output: each pair as a [Side], its
/// prompts in parts that no other pair mixes up; the stream of all prompts, each read once
/// ([Reads]); and the direction of a pair at a place ([Placed]).
@NullMarked
package dev.demur.lab.map.reading;

import org.jspecify.annotations.NullMarked;
