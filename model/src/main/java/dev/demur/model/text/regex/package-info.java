/// Regular expressions of strangers, matched in time that is bounded beforehand.
///
/// A tokenizer's file brings its own patterns, and a prompt brings the text. Engines that backtrack
/// take exponential time on some pairs and end the process on others. Here a pattern is parsed
/// against a list of constructs, and matched by a machine that keeps all ways to match side by
/// side: each character of the text costs at most the size of the pattern, no recursion follows the
/// text, and all work is charged to a [Work] budget.
///
/// The syntax is the part of Oniguruma's (Ruby) that tokenizers use; [Regex] lists it.
@org.jspecify.annotations.NullMarked
package dev.demur.model.text.regex;
