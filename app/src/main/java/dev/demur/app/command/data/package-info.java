/// `demur data` and `demur direction`: published prompt sets, and directions of other tools.
///
/// Start with [DataCommand]; the work is done in `lab.data` and `lab.direction`.
@NullMarked
package dev.demur.app.command.data;

import org.jspecify.annotations.NullMarked;
