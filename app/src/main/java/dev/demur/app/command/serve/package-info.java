/// `demur serve`: a model behind a port.
///
/// Start with [ServeCommand]; the work is done in the module `serve`.
@NullMarked
package dev.demur.app.command.serve;

import org.jspecify.annotations.NullMarked;
