/// From a prompt to pieces of an answer, whatever interface asked.
///
/// Input: an [Ask] and the plans it runs under. Output: [Piece]s as they become certain, the same
/// ones whether a client streams or waits. The engine's thread only hands tokens over; text, stop
/// words and thinking are worked out on the thread that serves the client.
///
/// Start with [Answering].
@NullMarked
package dev.demur.serve.answer;

import org.jspecify.annotations.NullMarked;
