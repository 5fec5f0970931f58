/// `demur audit` and `demur diff`: whether a checkpoint was edited, and how two differ.
@NullMarked
package dev.demur.app.command.audit;

import org.jspecify.annotations.NullMarked;
