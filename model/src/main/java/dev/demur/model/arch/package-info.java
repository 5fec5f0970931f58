/// The network itself: embed, blocks, final norm, unembed. Start at
/// [dev.demur.model.arch.Transformer], then read [dev.demur.model.arch.Block] from top to bottom,
/// then [dev.demur.model.arch.Attention].
///
/// A [dev.demur.model.arch.Pass] says which rows belong to which prompt, what came before them (a
/// [dev.demur.model.arch.Past]) and what is edited or read on the way. Nothing here batches
/// prompts: that is `dev.demur.model.forward`. How a checkpoint becomes a network is
/// `dev.demur.model.arch.family`.
@NullMarked
package dev.demur.model.arch;

import org.jspecify.annotations.NullMarked;
