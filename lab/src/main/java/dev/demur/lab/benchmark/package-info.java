/// Benchmarks of what a model knows, asked and scored as EleutherAI's lm-evaluation-harness asks
/// and scores them: MMLU, ARC, HellaSwag, WinoGrande, TruthfulQA by log-likelihood, GSM8K by
/// generation.
///
/// A [Task][dev.demur.lab.benchmark.Task] is a definition of the harness, named with its version.
/// [TaskFiles][dev.demur.lab.benchmark.TaskFiles] reads its questions from local files in the
/// formats their authors publish; [Prompts][dev.demur.lab.benchmark.Prompts] writes the harness'
/// prompts, examples included, to the character; [LikelihoodProbe] and [GenerationProbe] run them
/// under several variants at once; [Outcome][dev.demur.lab.benchmark.Outcome] holds a metric's
/// values, question by question, so that variants can be compared in pairs.
///
/// Nothing is fetched: no question is part of this project. docs/benchmarks.md says where the files
/// are, and what was compared with the harness itself.
@NullMarked
package dev.demur.lab.benchmark;

import org.jspecify.annotations.NullMarked;
