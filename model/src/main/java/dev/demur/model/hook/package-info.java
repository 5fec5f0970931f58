/// Places in the forward pass, and what can be done there.
///
/// A [HookPoint] names a place: a [Site] of a layer. A [HookPlan] lists the edits and probes of one
/// run; it goes into every run of `forward` and `generate`.
///
/// Start with [HookPlan], then read [Edit] and [Positions]. A plan gives the same numbers in a
/// batch and alone, with a cache and without; decision 13 says how. docs/hooks.md lists all sites.
@NullMarked
package dev.demur.model.hook;

import org.jspecify.annotations.NullMarked;
