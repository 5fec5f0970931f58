/// What a map is made of: prompts, [Pair]s of sets of them, and sets to ask besides.
///
/// Input: a file of pairs as docs/maps.md describes it, or one file of prompts that is parted.
/// Output: [MapData], checked. Start with [PairsFile].
@NullMarked
package dev.demur.lab.map.pairs;

import org.jspecify.annotations.NullMarked;
