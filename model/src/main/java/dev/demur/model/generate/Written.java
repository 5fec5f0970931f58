package dev.demur.model.generate;

import java.util.Optional;

/// A token the model wrote.
///
/// @param id the token
/// @param likelihood how likely it was, where the request asks for it
public record Written(int id, Optional<Likelihood> likelihood) {}
