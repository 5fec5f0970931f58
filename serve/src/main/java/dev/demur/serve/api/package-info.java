/// What all interfaces of the server have in common: reading a body's fields and refusing it.
///
/// Bodies come from strangers. [Fields] reads them field by field; whatever is not as it must be is
/// an [ApiException] that names the field. Fields nobody asks for are ignored, because clients send
/// some that only other servers know.
///
/// Start with [Fields].
@NullMarked
package dev.demur.serve.api;

import org.jspecify.annotations.NullMarked;
