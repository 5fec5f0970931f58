/// The server: chat models with interventions, readings and alarms, behind the interfaces that
/// clients know.
///
/// A request walks one way: `http` turns away who may not ask, `openai`, `ollama` or `direct` reads
/// its body with `api`, `registry` turns the names in it into plans, `answer` has the engine write
/// and hands on the pieces. `guard` watches the same passes, `meter` counts, `study` runs studies
/// beside.
///
/// Start with [Server]. Only `http` knows the web server; no other module is to import this one but
/// the command line.
@NullMarked
package dev.demur.serve;

import org.jspecify.annotations.NullMarked;
