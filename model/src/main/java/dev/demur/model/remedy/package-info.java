/// What a caller can do about a failure.
///
/// A message of the library says in its own terms what helps ("add the adapter to its model"). A
/// front end, such as a command line, knows how its users ask for that. So an exception that is
/// [Remedied] carries its remedies as values, and the front end adds its own words for them.
/// Nothing in the libraries names a flag or a command.
///
/// Start with [Remedied], then read [Remedy].
@NullMarked
package dev.demur.model.remedy;

import org.jspecify.annotations.NullMarked;
