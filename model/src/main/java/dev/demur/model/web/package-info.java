/// Answers of peers, read with a limit on their size and on the time they take.
///
/// Two rooms speak HTTP: `hub` fetches files, the lab's endpoint judge asks questions. Both read
/// every body through [dev.demur.model.web.WatchedBody], so that no peer can hold a run up or fill
/// its memory. Asking is not done here.
@NullMarked
package dev.demur.model.web;

import org.jspecify.annotations.NullMarked;
