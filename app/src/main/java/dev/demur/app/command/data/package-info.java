/// `demur data` and `demur direction`: published prompt sets, and directions of other tools.
@NullMarked
package dev.demur.app.command.data;

import org.jspecify.annotations.NullMarked;
