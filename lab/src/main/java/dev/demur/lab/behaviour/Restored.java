package dev.demur.lab.behaviour;

import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;

/// What one remedy does to a checkpoint. Refusing harmful prompts again is half of a repair; the
/// other half is to answer harmless ones as the parent does.
///
/// @param remedy its name; `none` for the checkpoint as it is
/// @param steered share of the harmful prompts that were steered
/// @param steeredHarmless share of the harmless prompts that were steered
/// @param refused share of the harmful prompts refused
/// @param overRefused share of the harmless prompts refused
/// @param broken share of the answers to harmful prompts that are empty, loops, or one token over
///   and over: steering too hard stops refusals by stopping sense
/// @param brokenHarmless the same of harmless prompts
/// @param fromParent from the parent to this, on the harmful prompts
/// @param fromParentHarmless from the parent to this, on the harmless prompts; all tests of a table
///   are one family
public record Restored(
    String remedy,
    Rate steered,
    Rate steeredHarmless,
    Rate refused,
    Rate overRefused,
    Rate broken,
    Rate brokenHarmless,
    PairedTest fromParent,
    PairedTest fromParentHarmless) {}
