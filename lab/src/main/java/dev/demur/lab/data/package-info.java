/// The published evaluation sets: where their authors keep them, under which licence, and whether
/// the files here are what they published.
///
/// Input: the name of a set. Output: checked files in the data folder, which
/// [PublishedSet][dev.demur.lab.prompts.PublishedSet] reads.
///
/// Start with [Datasets], which names the sets, then read [DataStore], which fetches, imports and
/// checks their files. No prompt is part of this project.
@NullMarked
package dev.demur.lab.data;

import org.jspecify.annotations.NullMarked;
