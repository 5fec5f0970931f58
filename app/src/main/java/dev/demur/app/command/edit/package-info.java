/// `demur edit` and `demur verify-edit`: an intervention written into weights, and its check.
@NullMarked
package dev.demur.app.command.edit;

import org.jspecify.annotations.NullMarked;
