package dev.demur.lab.map.effect;

import dev.demur.lab.stats.Rate;
import java.util.Optional;

/// What an edit makes of the controlled set: as many harmful prompts the unedited model refuses as
/// it complies with, and the same of benign ones, so that every share is .5 without an edit.
///
/// Source: Joad et al. 2026; there each cell has 50 prompts.
///
/// @param tried the edit; empty for the unedited model
/// @param harmful harmful prompts refused (RR)
/// @param benign benign prompts refused (ORR)
/// @param right harmful prompts refused and benign ones complied with, of all (Acc)
public record ControlledRow(Optional<Tried> tried, Rate harmful, Rate benign, Rate right) {}
