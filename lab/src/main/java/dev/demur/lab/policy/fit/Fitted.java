package dev.demur.lab.policy.fit;

import dev.demur.lab.policy.Policy;
import java.util.Map;

/// A policy that was fitted, and what is worth knowing of the fit.
///
/// @param policy the policy
/// @param facts numbers and words by name, for people and programs
public record Fitted(Policy policy, Map<String, Object> facts) {}
