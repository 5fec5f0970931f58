/// Demur's own interface under `/demur/v1`: what policies can name, whether a line is a policy, and
/// one prompt under the microscope.
///
/// Start with [Direct].
@NullMarked
package dev.demur.serve.direct;

import org.jspecify.annotations.NullMarked;
