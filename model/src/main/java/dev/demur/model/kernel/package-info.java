/// What one row meets on its way through a model, on plain arrays: products with matrices read
/// straight from where they lie, a mapped file included, and the little that is between them.
///
/// Writing one token at a time reads every weight once and does two operations with it, so memory
/// decides its speed. libtorch's product of a single row leaves half of the memory's rate unused,
/// cannot read quantised weights, and takes a few microseconds for each of the thirty small
/// operations of a block. [dev.demur.model.kernel.RowProducts] multiplies,
/// [dev.demur.model.kernel.RowMath] and [dev.demur.model.kernel.RowAttention] do the rest.
///
/// Whether there are kernels for a way of storing is
/// [dev.demur.model.kernel.RowProducts#available]; libtorch takes over where not. Nothing here
/// knows tensors: matrices are memory segments.
@NullMarked
package dev.demur.model.kernel;

import org.jspecify.annotations.NullMarked;
