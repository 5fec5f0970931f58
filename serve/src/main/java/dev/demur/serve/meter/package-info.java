/// What the server counts, for Prometheus, and what it tells its operator.
///
/// No prompt and no answer is ever counted by its words, and none is logged unless the operator
/// asks for it.
@NullMarked
package dev.demur.serve.meter;

import org.jspecify.annotations.NullMarked;
