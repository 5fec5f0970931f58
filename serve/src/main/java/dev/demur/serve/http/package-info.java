/// The one room that knows the web server (Helidon SE): listening, who may ask, what a body may
/// cost, pages.
///
/// What comes over a socket is hostile. [Gate] turns away requests of other origins, foreign hosts,
/// without the key, or too many; [Exchange] reads a body no longer and no larger than [Limits]
/// allow; [Patience] closes sockets that do not move. Files of the machine are never served: pages
/// are resources of this module.
///
/// Start with [Listening].
@NullMarked
package dev.demur.serve.http;

import org.jspecify.annotations.NullMarked;
