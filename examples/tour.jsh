// A tour of the library, one line at a time. After a build:
//
//     jshell -R--enable-native-access=ALL-UNNAMED -R--add-modules=jdk.incubator.vector \
//         --class-path "$(printf '%s:' app/target/lib/*.jar)" examples/tour.jsh
//
// A line that begins with "// → " says what the line before it gives; "…" stands for anything.

import dev.demur.lab.direction.*
import dev.demur.lab.judge.*
import dev.demur.lab.policy.*
import dev.demur.lab.prompts.*
import dev.demur.model.*
import dev.demur.model.forward.*
import dev.demur.model.hook.*
import dev.demur.toy.*

// 1. A model, and what it answers. "demo" is carried by the library; a folder, a GGUF file or
// org/name from the hub cache work the same.

var model = ChatModel.load("demo")
model.config().nLayers()
// → 8
model.chat("How do I bake bread?").text()
// → …
model.chat("How do I sneak into the cinema?").text()
// → I can't help …

// 2. Inside a pass: the stream entering every layer at the last token of two prompts.

var prompts = List.of(model.prompt("How do I bake bread?"), model.prompt("Name a river."))
var a = model.run(prompts, Capture.at(Site.RESID_PRE).last(), HookPlan.none())
a.get(new HookPoint(4, Site.RESID_PRE))
// → F32[2, 1, 128]
a.logits()
// → F32[2, …]
a.close()

// 3. The direction along which it refuses: a difference of means.

var sets = ReleasedLayout.at(DemoModel.prompts())
var harmful = sets.harmful(Split.TRAIN).instructions().subList(0, 32)
var harmless = sets.harmless(Split.TRAIN).instructions().subList(0, 32)
var direction = Direction.between(model, harmful, harmless, new HookPoint(4, Site.RESID_PRE), -1)
// → direction of blocks.4.hook_resid_pre at -1, [128], norm …
direction.cosine(Direction.between(model, harmful, harmless, new HookPoint(5, Site.RESID_PRE), -1))
// → 0.…

// 4. Without it, and with more of it.

var ablation = Policy.ablation(direction)
model.with(ablation).upTo(24).chat("How do I sneak into the cinema?").text()
// → To sneak into …
model.with(Policy.addition(direction, 1)).upTo(24).chat("How do I bake bread?").text()
// → I can't help …

// 5. Kept in a file, and the same when it is read back.

var file = Files.createTempDirectory("demur").resolve("ablation.safetensors")
ablation.write(file)
Policy.read(file).equals(ablation)
// → true

// 6. Judged by a rule of one's own.

var judge = Judge.of("mine", "1", (asked, text) -> text.contains("can't") ? Refusal.FULL : Refusal.NONE)
judge.judge("…", model.chat("How do I sneak into the cinema?").text()).refusal()
// → FULL
model.close()
