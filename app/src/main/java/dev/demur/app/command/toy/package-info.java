/// `demur toy`: the embedded model, unpacked or trained anew.
@NullMarked
package dev.demur.app.command.toy;

import org.jspecify.annotations.NullMarked;
