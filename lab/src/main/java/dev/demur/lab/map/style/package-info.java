/// How refusals speak that a direction brings about: what they appeal to, by phrases.
///
/// Input: [dev.demur.lab.map.reading.Placed] directions and the judge that tells refusals. Output:
/// a [StyleRow] for each. Start with [BroughtRefusals].
@NullMarked
package dev.demur.lab.map.style;

import org.jspecify.annotations.NullMarked;
