/// `demur explain`: why a model refuses a prompt, and what a suffix changes.
@NullMarked
package dev.demur.app.command.explain;

import org.jspecify.annotations.NullMarked;
