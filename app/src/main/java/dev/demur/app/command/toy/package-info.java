/// `demur toy`: unpack the embedded model, or train it anew.
///
/// Start with [ToyCommand]; the work is done in the module `toy`.
@NullMarked
package dev.demur.app.command.toy;

import org.jspecify.annotations.NullMarked;
