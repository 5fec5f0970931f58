/// Reads what HTTP peers send, with a limit on size and time.
///
/// Input: the body of a response. Output: its bytes, or an exception when the peer sends too much
/// or too slowly.
///
/// Start with [WatchedBody]. `hub` (files) and the lab's endpoint judge (questions) read every body
/// through it, so that no peer can hold up a run or fill its memory. Sending requests is not done
/// here.
@NullMarked
package dev.demur.model.web;

import org.jspecify.annotations.NullMarked;
