/// Studies and trials of the served model, beside the serving: started, watched and fetched by
/// clients.
///
/// They are off unless the operator names a folder for them. One runs at a time, and takes its
/// share of the machine from those who are served.
///
/// Start with [Studies].
@NullMarked
package dev.demur.serve.study;

import org.jspecify.annotations.NullMarked;
