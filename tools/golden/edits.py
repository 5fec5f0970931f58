#!/usr/bin/env python3
"""Opens what `demur edit` writes with the libraries it is written for, and does the same edits by itself.

    python tools/golden/edits.py [CASE ...]

needs transformers, peft, gguf and torch (requirements.txt), and a built Demur. For each tiny checkpoint, in float32, the edit is made
here once more, in float64, from the formula alone. Checked: transformers gives the edited weights the logits it gives the source under
ablation hooks (golden.safetensors), or, behind post-norms, a stream without the direction; the folder `demur edit` wrote holds the same
numbers and gives the same logits, for the whole edit and for a part of it; the LoRA adapter, applied by peft, is the edit of all but
biases and learnt positions; the control vector, read by gguf, holds the raw direction at its layer. A line says `ok` or `FAIL` where
something was compared, `note` where something is only said; exits with 1 if one fails.

Writes lab/src/test/resources/golden/edits/<case>.safetensors, which OracleEditTest reads: `whole.logits`, `part.logits` of the edit made
here, `lora.logits` of peft, all `[pos, d_vocab]` for prompt 0 of the checkpoint's own golden.safetensors.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

import gguf
import peft
import torch
import transformers
from safetensors import safe_open
from safetensors.torch import load_file, save_file

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKPOINTS = ROOT / "model/src/test/resources/golden/checkpoints"
GOLDENS = ROOT / "lab/src/test/resources/golden/edits"
CASES = [
    "llama-gqa-tied", "llama-mha-untied", "llama-sharded", "llama-bias", "llama-bf16", "mistral-window",
    "qwen2-tied", "qwen2-untied", "qwen3-tied", "phi3-fused", "granite-tied", "stablelm-parallel", "neox-parallel",
    "gpt2", "gemma-mqa", "gpt-oss", "mixtral", "qwen2-moe", "qwen3-moe", "gemma2", "gemma3", "olmo2-gqa",
]  # fmt: skip
EXPERTS = {"gpt-oss", "mixtral", "qwen2-moe", "qwen3-moe"}
TOLERANCE = 1e-4  # of the largest logit, float32
SAME = 1e-6  # of the largest number of a tensor: float32 against float64 rounded once

EMBEDDING = r"(^|\.)(embed_tokens|embed_in|wte|wpe)\.weight$"
ATTENTION = r"(self_attn\.o_proj|attn\.c_proj|attention\.dense)\.(weight|bias)$"
MLP = r"(mlp\..*down_proj|mlp\.c_proj|mlp\.dense_4h_to_h|block_sparse_moe\.experts\.\d+\.w2)(_bias|\.weight|\.bias|)$"
# The norm behind each output matrix, and 1 where γ − 1 is stored.
BEHIND = {
    "exaone4": ("post_attention_layernorm", "post_feedforward_layernorm", 0),
    "gemma2": ("post_attention_layernorm", "post_feedforward_layernorm", 1),
    "gemma3_text": ("post_attention_layernorm", "post_feedforward_layernorm", 1),
    "glm4": ("post_self_attn_layernorm", "post_mlp_layernorm", 0),
    "olmo2": ("post_attention_layernorm", "post_feedforward_layernorm", 0),
    "olmo3": ("post_attention_layernorm", "post_feedforward_layernorm", 0),
}
# A part of the edit: λ, the one layer, and the words that ask for it.
PART = (0.6, 1, ("--strength", "0.6", "--layers", "1-1"))

failures = 0
compared = 0


def said(case, what, value, good):
    global failures, compared
    compared += 1
    failures += not good
    print(f"{'ok  ' if good else 'FAIL'} {case:18} {what:44} {value}", flush=True)


def note(case, what, value):
    print(f"note {case:18} {what:44} {value}", flush=True)


def demur(*words):
    done = subprocess.run([str(ROOT / "demur"), *map(str, words)], capture_output=True, text=True, env=dict(os.environ, OMP_NUM_THREADS="1"))
    return done.returncode, done.stdout + done.stderr


def weights(folder):
    tensors = {}
    for file in sorted(folder.glob("*.safetensors")):
        if not file.name.startswith("golden"):
            tensors |= load_file(file)
    return tensors


def folder_of(source, to, tensors, **changes):
    """A folder with other weights, and a configuration that differs in the keys given."""
    to.mkdir()
    for file in source.iterdir():
        if file.is_file() and "safetensors" not in file.name and not file.name.startswith("golden"):
            shutil.copy(file, to)
    save_file({k: v.float().contiguous() for k, v in tensors.items()}, to / "model.safetensors", {"format": "pt"})
    config = json.loads((to / "config.json").read_text())
    for key in ("dtype", "torch_dtype"):
        if key in config:
            config[key] = "float32"
    (to / "config.json").write_text(json.dumps(config | changes))
    return to


def untied(config, tensors):
    """The embedding's copy as an unembedding of its own, where the two are one."""
    if not transformers.AutoConfig.for_model(**config).tie_word_embeddings:
        return {}
    name = next(n for n in tensors if re.search(r"(embed_tokens|wte)\.weight$", n))
    return {"lm_head.weight": tensors[name].clone()}


def edited(config, tensors, unit, strength=1.0, layer=None, only_matrices=False):
    """W − λ u uᵀ W of what writes to the stream, float64; a norm γ behind it makes u = γ ⊙ r̂ / ‖γ ⊙ r̂‖."""
    result = dict(tensors)
    behind = BEHIND.get(config["model_type"])
    for name, tensor in tensors.items():
        inside = re.search(r"(?:layers|h)\.(\d+)\.", name)
        kind = next((k for k, p in enumerate((EMBEDDING, ATTENTION, MLP)) if re.search(p, name)), None)
        if kind is None or (layer is not None and (not inside or int(inside[1]) != layer)):
            continue
        bias = name.endswith("bias")
        if only_matrices and (bias or "wpe" in name):
            continue
        u = unit.double()
        if behind and kind:
            norm = tensors[name[: inside.end()] + behind[kind - 1] + ".weight"].double() + behind[2]
            u = norm * u / (norm * u).norm()
        w = tensor.double()
        # Rows live in the stream: embeddings, biases, GPT-2's transposed matrices, gpt-oss's experts in one tensor.
        rows = kind == 0 or bias or config["model_type"] in ("gpt2", "gpt_oss") and not name.endswith("o_proj.weight")
        w = w - strength * (w @ u)[..., None] * u if rows else w - strength * torch.outer(u, u @ w)
        result[name] = w.float()
    return result


def direction_file(golden, path):
    raw = golden["direction_raw"].double()
    unit = (raw / (raw.norm() + 1e-8)).float()
    metadata = {
        "format": "demur-direction", "format_version": "1", "operations": "ablation, addition", "hook_point": "blocks.1.hook_resid_post",
        "position": "-1", "norm": repr(raw.norm().item()), "model": "tiny", "model_sha256": "0",
        "template_sha256": "0", "tool": "edits.py",
    }  # fmt: skip
    save_file({"direction": unit, "direction_raw": golden["direction_raw"]}, path, metadata)
    return unit


def opened(folder):
    # torch's grouped product of all experts wants widths the tiny models do not have.
    model, report = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", experts_implementation="eager", output_loading_info=True)
    return model.eval(), [*report["missing_keys"], *report["unexpected_keys"], *report["mismatched_keys"]]


def run(folder, ids):
    model, loose = opened(folder)
    with torch.no_grad():
        return model(ids, output_hidden_states=True), loose


def relative(found, expected):
    return ((found - expected).abs().max() / expected.abs().max()).item()


def same_tensors(case, what, folder, expected):
    found = weights(folder)
    odd = sorted(set(found) ^ set(expected))
    if odd:
        return said(case, what, f"tensors of one only: {odd}", False)
    worst = max(relative(found[n].double(), expected[n].double()) for n in expected if expected[n].abs().max() > 0)
    said(case, what, f"{worst:.1e} in {len(found)} tensors", worst < SAME)


def check(case, folder):
    golden = load_file(CHECKPOINTS / case / "golden.safetensors")
    config = json.loads((CHECKPOINTS / case / "config.json").read_text())
    ids = golden["prompt.0.tokens"][None]
    tensors = {k: v.float() for k, v in weights(CHECKPOINTS / case).items()}
    source = folder_of(CHECKPOINTS / case, folder / "source", tensors)
    direction = folder / "direction.safetensors"
    unit = direction_file(golden, direction)
    loose = untied(config, tensors)
    apart = {"tie_word_embeddings": False} if loose else {}

    def by_formula(name, **how):
        return folder_of(source, folder / name, edited(config, tensors, unit, **how) | (loose if how.get("layer") is None else {}),
                         **(apart if how.get("layer") is None else {}))  # fmt: skip

    # The whole edit.
    ours = by_formula("oracle")
    whole, _ = run(ours, ids)
    if config["model_type"] in BEHIND:
        # The last entry of hidden_states is after the final norm.
        left = max((h @ unit).abs().max().item() / h.norm(dim=-1).min().item() for h in whole.hidden_states[:-1])
        said(case, "formula: stream along r", f"{left:.1e}", left < 1e-5)
        note(case, "formula against hooks, differ by nature", f"{relative(whole.logits[0], golden['prompt.0.ablated.logits']):.1e}")
    else:
        error = relative(whole.logits[0], golden["prompt.0.ablated.logits"])
        said(case, "formula = hooks", f"{error:.1e}", error < TOLERANCE)
    changed = relative(whole.logits[0], golden["prompt.0.logits"])
    said(case, "the edit does something", f"{changed:.1e}", changed > 100 * TOLERANCE)
    out = folder / "edited"
    code, text = demur("edit", source, "--direction", direction, "-o", out, "--no-verify")
    if code:
        return said(case, "demur edit", text.strip()[-200:], False)
    same_tensors(case, "demur edit = formula, every tensor", out, weights(ours))
    logits, odd = run(out, ids)
    said(case, "transformers: keys left over", odd or "none", not odd)
    error = relative(logits.logits[0], whole.logits[0])
    said(case, "transformers: demur edit = formula", f"{error:.1e}", error < TOLERANCE)

    # A part of it.
    strength, layer, words = PART
    ours = by_formula("oracle-part", strength=strength, layer=layer)
    part, _ = run(ours, ids)
    out = folder / "part"
    code, text = demur("edit", source, "--direction", direction, "-o", out, "--no-verify", *words)
    if code:
        return said(case, "demur edit " + " ".join(words), text.strip()[-200:], False)
    same_tensors(case, "a part: demur edit = formula, every tensor", out, weights(ours))
    error = relative(run(out, ids)[0].logits[0], part.logits[0])
    said(case, "a part: transformers: demur edit = formula", f"{error:.1e}", error < TOLERANCE)

    goldens = {"whole.logits": whole.logits[0], "part.logits": part.logits[0]}
    lora(case, folder, source, direction, ids, by_formula, whole, goldens)
    vector(case, folder, source, direction, golden)
    GOLDENS.mkdir(parents=True, exist_ok=True)
    versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
    save_file({k: v.contiguous() for k, v in goldens.items()}, GOLDENS / f"{case}.safetensors", versions)


def lora(case, folder, source, direction, ids, by_formula, whole, goldens):
    adapter = folder / "adapter"
    code, text = demur("edit", source, "--direction", direction, "-o", adapter, "--as", "lora")
    if case in EXPERTS:
        return said(case, "lora is refused", f"exit {code}", code == 2 and "experts" in text)
    if code:
        return said(case, "demur edit --as lora", text.strip()[-200:], False)
    # What an adapter can hold, made by formula.
    matrices, _ = run(by_formula("oracle-matrices", only_matrices=True), ids)
    with torch.no_grad():
        model = peft.PeftModel.from_pretrained(opened(source)[0], adapter).eval()
        logits = model(ids).logits[0]
        merged = model.merge_and_unload()(ids).logits[0]
    with safe_open(adapter / "adapter_model.safetensors", "pt") as file:
        wanted = len(file.keys()) // 2
    found = sum("lora_A" in n or "lora_embedding_A" in n for n, _ in
                peft.PeftModel.from_pretrained(opened(source)[0], adapter).named_parameters())  # fmt: skip
    said(case, "peft: modules", f"{found} of {wanted}", found == wanted)
    error = relative(logits, matrices.logits[0])
    said(case, "peft: adapter = formula on matrices", f"{error:.1e}", error < TOLERANCE)
    if source_is_untied(source):
        error = relative(merged, matrices.logits[0])
        said(case, "peft: merged = formula on matrices", f"{error:.1e}", error < TOLERANCE)
    else:
        note(case, "peft: merging edits the tied unembedding too", f"{relative(merged, matrices.logits[0]):.1e} away")
    away = relative(logits, whole.logits[0])
    missing = "no place for" in text
    if missing:
        note(case, "the adapter is NOT the edit: biases, positions", f"{away:.1e} away")
        said(case, "what is missing is named, and matters", f"{away:.1e}", away > TOLERANCE)
    else:
        said(case, "peft: adapter = whole edit", f"{away:.1e}", away < TOLERANCE)
    goldens["lora.logits"] = logits


def source_is_untied(folder):
    return not transformers.AutoConfig.from_pretrained(folder).tie_word_embeddings


def vector(case, folder, source, direction, golden):
    file = folder / "vector.gguf"
    code, text = demur("edit", source, "--direction", direction, "-o", file, "--as", "control-vector")
    tensors = {} if code else {t.name: t.data for t in gguf.GGUFReader(file).tensors}
    good = list(tensors) == ["direction.1"] and "cannot project" in text
    error = relative(torch.tensor(tensors["direction.1"].copy()), golden["direction_raw"]) if good else text
    said(case, "gguf: control vector", error, good and error < SAME)


def main():
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", module="peft")  # tied embeddings: compared below
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    cases = sys.argv[1:] or CASES
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            check(case, pathlib.Path(folder))
    print(f"{len(cases)} cases, {compared} comparisons, {failures} failed")
    sys.exit(1 if failures else 0)


main()
