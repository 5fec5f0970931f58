/// `demur benchmark` and `demur coherence`: what does an intervention cost?
///
/// Start with [CoherenceCommand]; the work is done in `lab.benchmark` and `lab.coherence`.
@NullMarked
package dev.demur.app.command.measure;

import org.jspecify.annotations.NullMarked;
