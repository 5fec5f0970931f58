/// Writes text after prompts: for requests that come and go, for lists, or as a stream.
///
/// Start with [Engine], which takes a [Request] at any time and tells a [Listener] each token, or
/// with [Generator], which completes a list of prompts on the caller's thread. Both drive the one
/// `Loop`; decision 21 says how sequences share its passes.
///
/// The cache of keys and values is in `arch`.
@NullMarked
package dev.demur.model.generate;

import org.jspecify.annotations.NullMarked;
