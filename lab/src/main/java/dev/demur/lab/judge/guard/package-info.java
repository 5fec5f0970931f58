/// Judges that are models: a prompt to render and an answer to read.
///
/// A [GuardDescription][dev.demur.lab.judge.guard.GuardDescription] is a small JSON file: what to
/// ask, in the model's own chat template or as raw text, and how to read the answer, by its words
/// or by the logits of a few tokens. Llama Guard 2, 3 and 4, the HarmBench classifier, WildGuard,
/// ShieldGemma and the fine-tuned StrongREJECT come with the program; any other is a file of yours.
/// Who answers is a [GuardModel][dev.demur.lab.judge.guard.GuardModel]: Demur's own engine, or an
/// endpoint.
///
/// [EngineGuard][dev.demur.lab.judge.guard.EngineGuard] asks a model that its caller opened and
/// closes; no model is loaded here and no network is used.
@NullMarked
package dev.demur.lab.judge.guard;

import org.jspecify.annotations.NullMarked;
