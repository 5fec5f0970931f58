/// Renders chat templates: the Jinja language as Python's jinja2 3.1 runs it in transformers.
///
/// Input: a template's source and values. Output: text, character for character that of Python.
///
/// Start with [Template]. A text goes through `Lexer` (tokens), `StatementParser` and
/// `ExpressionParser` (sealed trees), then `Interpreter` and `Evaluator` (output and values).
/// Values are plain Java objects that stand for Python's: `Boolean`, `Long` or (beyond 64 bits)
/// `BigInteger`, `Double`, `String`, `List`, and the small types of this package.
///
/// A template is untrusted. It sees only the values it is given, nothing is looked up by
/// reflection, and steps, memory and nesting are bounded. It cannot change lists and dictionaries,
/// as in jinja2's immutable sandbox.
@NullMarked
package dev.demur.model.text.jinja;

import org.jspecify.annotations.NullMarked;
