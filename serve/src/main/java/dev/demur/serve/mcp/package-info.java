/// The Model Context Protocol over HTTP: assistants call explanations, scores and the audit as
/// tools.
///
/// `POST /mcp` takes one JSON-RPC message and answers with one. Nothing is kept between two
/// messages: the revision of 2026-07-28 has each say what it speaks, and for the older ones, which
/// begin with a handshake, there is no session to keep either. No tool reads a path or changes
/// anything.
///
/// Start with [Mcp].
@NullMarked
package dev.demur.serve.mcp;

import org.jspecify.annotations.NullMarked;
