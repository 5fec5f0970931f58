/// `demur audit` and `demur diff`: was a checkpoint edited, and how do two differ?
///
/// Start with [AuditCommand]; the work is done in `lab.audit`, `lab.behaviour` and `lab.diff`.
@NullMarked
package dev.demur.app.command.audit;

import org.jspecify.annotations.NullMarked;
