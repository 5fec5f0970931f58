/// One sequence that writes one token after the other, on plain arrays and the kernels of
/// `dev.demur.model.kernel`.
///
/// Start at [dev.demur.model.arch.row.TokenStep]. Each class here repeats a part of
/// `dev.demur.model.arch` for a single row; a test compares the two for every family and every hook
/// point.
@NullMarked
package dev.demur.model.arch.row;

import org.jspecify.annotations.NullMarked;
