/// Benchmarks, each measured beside the machine's own ceiling in one run.
///
/// Input: a model file. Output: tables of times, rates and memory; docs/performance.md has the
/// commands and figures.
///
/// Start with [RowKernels] (JMH) or with [PeerSide], Demur's side of the scripts under
/// `bench/peers`.
@NullMarked
package dev.demur.bench;

import org.jspecify.annotations.NullMarked;
