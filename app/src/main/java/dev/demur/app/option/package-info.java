/// Flags that several commands take: a model, prompt sets, judges, an intervention.
///
/// Input: parsed flags. Output: one value for each group, for example an opened model. A group of
/// flags is a class that picocli fills.
///
/// Start with [ModelOptions].
@NullMarked
package dev.demur.app.option;

import org.jspecify.annotations.NullMarked;
