/// What published work measured and chose, as data: values to lay beside a run, token sets, system
/// texts, sentences to say.
///
/// Start with [Published]. Nothing here runs a model; `lab.study` does, and `lab.report.paper`
/// shows how a run differs.
@NullMarked
package dev.demur.lab.paper;

import org.jspecify.annotations.NullMarked;
