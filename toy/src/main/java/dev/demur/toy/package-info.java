/// The embedded demo models: their grammar, tokenizer, training and the trained files.
///
/// Input: the name `demo`, `demo-base` or `demo-think`. Output: a model folder, unpacked from this
/// module's resources.
///
/// Start with [Toy], which names and unpacks the models, then read [DemoModel]. `toy.grammar` makes
/// the text, `toy.text` the tokenizer, `toy.train` the weights.
@NullMarked
package dev.demur.toy;

import org.jspecify.annotations.NullMarked;
