/// Matches regular expressions from strangers in time that is bounded beforehand.
///
/// Input: a pattern and a text. Output: matches, or a refusal of the pattern that names the
/// construct.
///
/// Start with [Regex], which lists the syntax (the part of Oniguruma's that tokenizers use), then
/// read [Work].
///
/// A tokenizer's file brings its own patterns, and a prompt brings the text. Engines that backtrack
/// take exponential time on some pairs and end the process on others. This one follows all ways to
/// match side by side: each character costs at most the size of the pattern, nothing recurses along
/// the text, and all work is charged to a [Work] budget.
@org.jspecify.annotations.NullMarked
package dev.demur.model.text.regex;
