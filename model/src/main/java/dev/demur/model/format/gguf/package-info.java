/// GGUF files: reading, writing, and the configuration they imply.
///
/// [dev.demur.model.format.gguf.Gguf] is one file with its tensors;
/// [dev.demur.model.format.gguf.GgufFile] is a model in such files, under Hugging Face names.
@NullMarked
package dev.demur.model.format.gguf;

import org.jspecify.annotations.NullMarked;
