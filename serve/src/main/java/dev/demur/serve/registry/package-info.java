/// The directions, monitors and policies a server knows by name, and the plans made of them.
///
/// Input: a folder the operator names at the start, or the embedded model's own prompts. Output:
/// names that policies can use. Nothing is loaded because a client says so, and no path is told.
///
/// Start with [Registry].
@NullMarked
package dev.demur.serve.registry;

import org.jspecify.annotations.NullMarked;
