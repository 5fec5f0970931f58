/// Benchmarks of what a model knows, asked and scored as in EleutherAI's lm-evaluation-harness:
/// MMLU, ARC, HellaSwag, WinoGrande and TruthfulQA by log-likelihood, GSM8K by generation.
///
/// Input: local files of questions and variants of a model. Output: an [Outcome] for each metric,
/// question by question, so that variants can be compared in pairs.
///
/// Start with [Task], a definition of the harness named with its version. [TaskFiles] reads the
/// questions, [Prompts] writes the harness' prompts to the character, and [LikelihoodProbe] and
/// [GenerationProbe] run them.
///
/// No question is part of this project, and nothing is fetched. docs/benchmarks.md says where the
/// files are.
@NullMarked
package dev.demur.lab.benchmark;

import org.jspecify.annotations.NullMarked;
