/// The folder of one run: what is finished, what is under way, and how far the run has come.
///
/// Input: a [Stage] with the inputs that decide its output. Output: the output, worked on once and
/// found again under the hash of these inputs. A run that was stopped therefore continues where it
/// stopped.
///
/// Start with [RunStore], then read [Stage] and [RunFolder]. The folder may come from a stranger:
/// links are not followed, and everything carries a checksum.
@NullMarked
package dev.demur.lab.run;

import org.jspecify.annotations.NullMarked;
