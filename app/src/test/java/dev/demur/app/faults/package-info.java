/// Commands on a disk that fails, and in processes that are killed.
@NullMarked
package dev.demur.app.faults;

import org.jspecify.annotations.NullMarked;
