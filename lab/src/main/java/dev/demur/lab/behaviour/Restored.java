package dev.demur.lab.behaviour;

import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;

/// What one remedy does to a checkpoint. Refusing harmful prompts again is half of a repair; the
/// other half is to answer harmless ones as the parent does.
///
/// @param remedy its name; `none` for the checkpoint as it is
/// @param steered share of the target prompts that were steered
/// @param steeredBaseline share of the baseline prompts that were steered
/// @param refused share of the target prompts refused
/// @param overRefused share of the baseline prompts refused
/// @param broken share of the answers to target prompts that are empty, loops, or one token over
///   and over: steering too hard stops refusals by stopping sense
/// @param brokenBaseline the same of baseline prompts
/// @param fromParent from the parent to this, on the target prompts
/// @param fromParentBaseline from the parent to this, on the baseline prompts; all tests of a table
///   are one family
public record Restored(
    String remedy,
    Rate steered,
    Rate steeredBaseline,
    Rate refused,
    Rate overRefused,
    Rate broken,
    Rate brokenBaseline,
    PairedTest fromParent,
    PairedTest fromParentBaseline) {}
