package dev.demur.lab.map.effect;

import java.util.Optional;

/// What one direction has to do with a pair in another language, beside the same pair translated
/// back. What the two cells share is not due to the language of the prompts.
///
/// @param direction the direction
/// @param pair the pair in another language
/// @param cosine of the direction with the pair's
/// @param backCosine of the direction with that of the pair translated back
/// @param change what ablating the direction changes on the pair's prompts, as a share of them;
///   empty where nobody may say, or the unedited model has too little to take away
/// @param backChange the same on the prompts translated back
public record BackTranslation(
    String direction,
    String pair,
    double cosine,
    double backCosine,
    Optional<Double> change,
    Optional<Double> backChange) {}
