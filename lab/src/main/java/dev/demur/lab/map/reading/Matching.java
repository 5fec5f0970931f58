package dev.demur.lab.map.reading;

import java.util.Optional;

/// A pair's direction against one of prompts that are alike in length and digits.
///
/// @param pair its name
/// @param targetTokens mean length of target prompts
/// @param contrastTokens mean length of contrast prompts
/// @param targetDigits mean digits of target prompts
/// @param contrastDigits mean digits of contrast prompts
/// @param matched prompts of either side that have a partner
/// @param cosine of the direction with that of the partners; empty with fewer than two
public record Matching(
    String pair,
    double targetTokens,
    double contrastTokens,
    double targetDigits,
    double contrastDigits,
    int matched,
    Optional<Double> cosine) {}
