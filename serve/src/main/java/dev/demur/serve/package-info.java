/// The server: chat models with interventions, readings and alarms, behind the interfaces that
/// clients know.
@NullMarked
package dev.demur.serve;

import org.jspecify.annotations.NullMarked;
