/// Flags that several commands take, and what they stand for: a model, prompt sets, judges, an
/// intervention. A group of flags is a class that picocli fills and that then makes one value.
@NullMarked
package dev.demur.app.option;

import org.jspecify.annotations.NullMarked;
