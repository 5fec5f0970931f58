/// `demur explain`: why does a model refuse a prompt, and what does a suffix change?
///
/// Start with [ExplainCommand]; the work is done in `lab.explain`.
@NullMarked
package dev.demur.app.command.explain;

import org.jspecify.annotations.NullMarked;
