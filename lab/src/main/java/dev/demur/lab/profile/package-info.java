/// What a model is, before anything is studied: its shape, how it is stored, what a study of it
/// costs on this computer, and which of Demur's operations are exact on it.
///
/// Input: an opened model. Output: a [ModelProfile].
///
/// Start with [ModelProfile], then read [StudyCost], which is measured with two short products, not
/// looked up.
@NullMarked
package dev.demur.lab.profile;

import org.jspecify.annotations.NullMarked;
