/// Arithmetic for one row on plain arrays: products with matrices that are read where they lie (a
/// mapped file included), and the small operations between them.
///
/// Input: float arrays and memory segments. Output: float arrays. Nothing here knows tensors.
///
/// Start with [RowProducts], which multiplies, then read [RowMath] and [RowAttention].
/// [RowProducts#available] says whether a kernel exists for a type; where none exists, libtorch
/// does the work.
///
/// Why: a token that is written alone reads every weight once and does two operations with it, so
/// memory sets the speed. libtorch's product of a single row leaves half of the memory's rate
/// unused, cannot read quantised weights, and takes a few microseconds for each of the thirty small
/// operations of a block.
@NullMarked
package dev.demur.model.kernel;

import org.jspecify.annotations.NullMarked;
