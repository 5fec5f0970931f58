/// Safetensors files: reading and writing.
@NullMarked
package dev.demur.model.format.safetensors;

import org.jspecify.annotations.NullMarked;
