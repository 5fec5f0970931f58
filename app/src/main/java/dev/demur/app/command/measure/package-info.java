/// `demur benchmark` and `demur coherence`: what an intervention costs.
@NullMarked
package dev.demur.app.command.measure;

import org.jspecify.annotations.NullMarked;
