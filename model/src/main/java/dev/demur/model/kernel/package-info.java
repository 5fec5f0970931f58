/// Products of one row with a matrix, read straight from the matrix's memory into vector registers.
///
/// Writing one token at a time reads every weight once and does two operations with it, so memory
/// decides its speed, and libtorch's product of a single row leaves half of the memory's rate
/// unused. Whether the kernels can be used is [dev.demur.model.kernel.RowProduct#available];
/// libtorch takes over where not. Nothing here knows tensors: matrices are memory segments.
@NullMarked
package dev.demur.model.kernel;

import org.jspecify.annotations.NullMarked;
