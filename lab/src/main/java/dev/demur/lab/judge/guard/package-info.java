/// Judges that are models: a prompt to render and an answer to read.
///
/// Input: an instruction and a completion. Output: a verdict on refusal or harm.
///
/// Start with [GuardDescription], a small JSON file that says what to ask (in the model's own chat
/// template or as raw text) and how to read the answer (by its words or by the logits of a few
/// tokens). Llama Guard 2, 3 and 4, the HarmBench classifier, WildGuard, ShieldGemma and the
/// fine-tuned StrongREJECT come with the program; users can write others. A [GuardModel] answers:
/// Demur's own engine ([EngineGuard]) or an endpoint.
///
/// No model is loaded here, and no network is used.
@NullMarked
package dev.demur.lab.judge.guard;

import org.jspecify.annotations.NullMarked;
