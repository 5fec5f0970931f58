/// Makes policies from prompts: what published repairs and defences fit, each as plain arithmetic.
///
/// Input: activations of two or three sets of prompts, `[prompt, d_model]` at one place. Output:
/// ingredients and rules of a [Policy][dev.demur.lab.policy.Policy].
///
/// Start with [PolicyFits], which reads the prompts and puts the pieces together. The other classes
/// are one method each, with its source.
@NullMarked
package dev.demur.lab.policy.fit;

import org.jspecify.annotations.NullMarked;
