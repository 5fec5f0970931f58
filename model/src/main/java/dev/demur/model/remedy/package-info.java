/// What a caller can do about a failure.
///
/// A message of the library says in its own terms what to do ("add the adapter to its model"). A
/// front end, such as a command line, knows how that is asked for there. An exception that is
/// [dev.demur.model.remedy.Remedied] carries the remedies as values, and the front end adds its own
/// words for them. Nothing in the libraries names a flag or a command.
@NullMarked
package dev.demur.model.remedy;

import org.jspecify.annotations.NullMarked;
