/// `demur edit` and `demur verify-edit`: write an intervention into weights, and check the result.
///
/// Start with [EditCommand]; the work is done in `lab.edit`.
@NullMarked
package dev.demur.app.command.edit;

import org.jspecify.annotations.NullMarked;
