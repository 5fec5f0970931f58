"""Writes the tiny random checkpoints and the numbers transformers computes from them.

    python checkpoints.py [--only NAME ...] [--out DIR]
"""

import argparse
import hashlib
import importlib.metadata
import json
import platform
import shutil
import tempfile
import warnings
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText, PreTrainedTokenizerFast
from transformers.utils import logging as transformers_logging

import cases
import gguf_files
import qwen1
import reference
import texts

OUT = Path(__file__).resolve().parents[2] / "model/src/test/resources/golden/checkpoints"
MANIFEST = "manifest.json"
PACKAGES = ["torch", "transformers", "tokenizers", "safetensors", "numpy", "gguf", "jinja2"]

# A greedy step whose winner leads by less than this share of max |logit| could flip between machines.
MIN_LEAD = 2e-3
# The same for the choice of experts, in router logits.
MIN_ROUTER_GAP = 1e-3
ADDED_NORM = 3.0
ADDED_LAYER = 1


# --- random weights ---------------------------------------------------------------------------------------------------


def randomise(model, seed, gains):
    """Fills every parameter so that activations are of order 1 and differ between tokens, heads and layers."""
    generator = torch.Generator().manual_seed(seed)

    def normal(parameter, std, mean=0.0):
        parameter.copy_(torch.randn(parameter.shape, generator=generator) * std + mean)

    # Weight w means scale 1 + w.
    zero_centred = model.config.model_type in (
        "gemma", "gemma2", "gemma3_text", "qwen3_next", "qwen3_5_text", "qwen3_5_moe_text",
    )  # fmt: skip
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            leaf = name.split(".")[-2] if name.endswith((".weight", ".bias")) else name.split(".")[-1]
            if name.endswith(".bias") or leaf.endswith("_bias") or parameter.dim() == 1 and "sinks" in name:
                normal(parameter, 0.3)
            elif parameter.dim() == 1 or "norm" in leaf or leaf.startswith("ln_"):
                normal(parameter, 0.25, 0.0 if zero_centred and "linear_attn" not in name else 1.0)
            elif "embed" in leaf or leaf in ("wte", "wpe"):
                normal(parameter, gains.get("embed", 0.6))
            elif leaf in ("lm_head", "embed_out"):
                normal(parameter, gains.get("unembed", 0.5))
            else:
                fan_in = parameter.shape[-1]
                if leaf in ("c_attn", "c_fc", "c_proj") and model.config.model_type == "gpt2":
                    fan_in = parameter.shape[0]  # Conv1D is [in, out]
                if leaf in ("gate_up_proj", "down_proj") and model.config.model_type in ("gpt_oss", "llama4_text"):
                    fan_in = parameter.shape[-2]
                normal(parameter, gains.get("weight", 1.3) / fan_in**0.5)
        for name, buffer in sorted(model.named_buffers()):
            if name.endswith(("e_score_correction_bias", "expert_bias")):  # learnt, but not by gradients
                normal(buffer, 0.2)
            elif name.endswith("layer_scalar"):
                normal(buffer, 0.15, 0.9)


# --- one folder -------------------------------------------------------------------------------------------------------


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_tokenizer(folder, case):
    vocabulary = case.vocabulary
    if vocabulary.kind == "tiktoken":
        vocabulary.write(folder)
        return
    vocabulary.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": case.config.get("max_position_embeddings", 512),
        "clean_up_tokenization_spaces": False,
        "eos_token": vocabulary.eos,
    }
    for key, token in (("bos_token", vocabulary.bos), ("pad_token", vocabulary.pad), ("unk_token", vocabulary.unk)):
        if token is not None:
            config[key] = token
    if case.template is not None:
        if case.template_in_own_file:
            (folder / "chat_template.jinja").write_text(case.template, encoding="utf-8")
        else:
            config["chat_template"] = case.template
    write_json(folder / "tokenizer_config.json", config)


def write_generation_config(folder, case):
    vocabulary = case.vocabulary
    ids = {"bos_token_id": vocabulary.id(vocabulary.bos), "eos_token_id": vocabulary.id(vocabulary.eos)}
    ids["pad_token_id"] = vocabulary.id(vocabulary.pad)
    write_json(
        folder / "generation_config.json",
        {"do_sample": False, **{k: v for k, v in ids.items() if v is not None}},
    )


def kind_of(config):
    """The class that loads a checkpoint whole."""
    return AutoModelForImageTextToText if "vision_config" in config else AutoModelForCausalLM


def write_weights(folder, case, seed):
    if case.config["model_type"] == "qwen":
        qwen1.write_weights(folder, case.config, lambda m: randomise(m, seed, case.gains), case.stored_as)
        return
    config = AutoConfig.from_pretrained(folder)
    model = kind_of(case.config).from_config(config, dtype=torch.float32, attn_implementation="eager")
    randomise(model, seed, case.gains)
    model.to(case.stored_as)
    with tempfile.TemporaryDirectory() as temporary:
        model.save_pretrained(temporary, max_shard_size=case.shard_size)
        for file in sorted(Path(temporary).glob("model*.safetensors*")):
            shutil.copyfile(file, folder / file.name)


def load(folder):
    """The model of a folder in float32, attention and experts computed the plain way."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config["model_type"] == "qwen":
        return qwen1.load(folder)
    model, info = kind_of(config).from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", experts_implementation="eager", output_loading_info=True
    )
    wrong = {k: v for k, v in info.items() if v and k != "error_msgs"}
    if wrong:
        raise AssertionError(f"{folder.name}: {wrong}")
    return model.eval()


# --- goldens ----------------------------------------------------------------------------------------------------------


def prompts_of(case, tokenizer):
    """Prompts of a case: short, in the chat template and, for some, long; `ids` is what the model was given."""
    chat = texts.conversation([("user", texts.PROMPT_CHAT)])
    found = [(texts.PROMPT_SHORT, "raw")]
    if case.template is not None:
        found.append((tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True), "chat"))
    else:
        found.append((texts.PROMPT_CHAT, "raw"))
    if case.long_prompt:
        found.append((texts.PROMPT_LONG, "raw"))
    return [
        {"text": text, "kind": kind, "ids": tokenizer.encode(text, add_special_tokens=kind == "raw")}
        for text, kind in found
    ]


def chats_of(case, tokenizer):
    rows = []
    for name, (turns, generation) in texts.CONVERSATIONS.items():
        row = {"name": name, "messages": texts.conversation(turns), "add_generation_prompt": generation}
        try:
            row["text"] = tokenizer.apply_chat_template(
                row["messages"], tokenize=False, add_generation_prompt=generation
            )
            encoded = tokenizer.apply_chat_template(
                row["messages"], tokenize=True, add_generation_prompt=generation, return_dict=True
            )
            row["ids"] = encoded["input_ids"]
        except Exception as error:  # the template's own raise_exception
            row["error"] = str(error)
        rows.append(row)
    return rows


def texts_of(tokenizer):
    rows = []
    for name, text in texts.TEXTS.items():
        ids = tokenizer.encode(text)
        rows.append(
            {
                "name": name,
                "text": text,
                "ids": ids,
                "ids_without_special": tokenizer.encode(text, add_special_tokens=False),
                "decoded": tokenizer.decode(ids, skip_special_tokens=False),
                "decoded_without_special": tokenizer.decode(ids, skip_special_tokens=True),
            }
        )
    return rows


def tokenizer_of(folder, case):
    if case.vocabulary.kind == "tiktoken":
        return case.vocabulary
    return PreTrainedTokenizerFast.from_pretrained(folder)


def direction_of(d_model, seed):
    raw = torch.randn(d_model, generator=torch.Generator().manual_seed(seed + 1), dtype=torch.float64)
    raw = (raw / raw.norm() * ADDED_NORM).float()
    return raw, (raw.double() / (raw.double().norm() + reference.EPSILON)).float()


def goldens_of(case, model, prompts, seed):
    """Tensors of golden.safetensors, and the smallest lead of a greedy winner."""
    tensors, lead = {}, float("inf")
    raw, unit = direction_of(model.get_input_embeddings().weight.shape[1], seed)
    tensors["direction_raw"], tensors["direction"] = raw, unit
    for i, prompt in enumerate(prompts):
        ids = prompt["ids"]
        tensors[f"prompt.{i}.tokens"] = torch.tensor(ids)
        for name, value in reference.activations(model, ids, with_patterns=i == 0).items():
            tensors[f"prompt.{i}.{name}"] = value
        if i == 0:
            with reference.ablating(model, unit):
                tensors[f"prompt.{i}.ablated.logits"] = reference.logits(model, ids)
            with reference.adding(model, raw, ADDED_LAYER):
                tensors[f"prompt.{i}.actadd.logits"] = reference.logits(model, ids)
        new, prompt_lead = reference.greedy(model, ids)
        if reference.router_gap(model, ids + new) < MIN_ROUTER_GAP:
            prompt_lead = 0.0
        tensors[f"prompt.{i}.greedy"] = torch.tensor(new)
        cached = reference.greedy_cached(model, ids) if hasattr(model, "generate") else new
        if cached != new:
            if not case.cache_may_differ:
                raise AssertionError(f"{case.name}: prompt {i}: with cache {cached}, without {new}")
            tensors[f"prompt.{i}.greedy_cached"] = torch.tensor(cached)
        lead = min(lead, prompt_lead)
    check_values(case, tensors)
    return {k: v.contiguous().clone() for k, v in tensors.items()}, lead


def check_values(case, tensors):
    for name, value in tensors.items():
        if not torch.isfinite(value.double()).all():
            raise AssertionError(f"{case.name}: {name} is not finite")
    plain, ablated = tensors["prompt.0.logits"], tensors["prompt.0.ablated.logits"]
    added = tensors["prompt.0.actadd.logits"]
    scale = plain.abs().max()
    for name, other in (("ablation", ablated), ("addition", added)):
        if (plain - other).abs().max() < 0.02 * scale:
            raise AssertionError(f"{case.name}: {name} hardly changes the logits")


def write_variants(folder, case, tokenizer):
    """The same weights under other RoPE settings: a config, and what changes where it can be seen best."""
    for name, changes in cases.variants_of(case).items():
        variant = folder / "variants" / name
        variant.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as temporary:
            copy = Path(temporary) / case.name
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("variants"))
            write_json(copy / "config.json", {**case.config, **changes})
            shutil.copyfile(copy / "config.json", variant / "config.json")
            try:
                model = load(copy)
            except Exception as error:
                raise AssertionError(f"{case.name}, variant {name}: {error}") from error
        ids = tokenizer.encode(texts.PROMPT_LONG)
        found = reference.activations(model, ids)
        last = max(k for k in found if k.endswith("hook_resid_post"))
        tensors = {
            "prompt.0.tokens": torch.tensor(ids),
            f"prompt.0.{last}": found[last],
            "prompt.0.last_logits": found["logits"][-1],
        }
        tensors = {k: v.contiguous().clone() for k, v in tensors.items()}
        save_file(tensors, variant / "golden.safetensors", metadata={"format": "pt"})


def build(case, out):
    """One case: tries seeds until no greedy step is a near tie."""
    folder = out / case.name
    for attempt in range(40):
        seed = case.seed * 100 + attempt
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        write_json(folder / "config.json", case.config)
        write_tokenizer(folder, case)
        write_generation_config(folder, case)
        write_weights(folder, case, seed)
        if case.gguf is not None:
            gguf_files.write(folder, case)
            model = gguf_files.load_back(folder, case, load)
        else:
            model = load(folder)
        tokenizer = tokenizer_of(folder, case)
        prompts = prompts_of(case, tokenizer)
        tensors, lead = goldens_of(case, model, prompts, seed)
        if lead >= MIN_LEAD:
            break
    else:
        raise AssertionError(f"{case.name}: every seed has a near tie")
    save_file(tensors, folder / "golden.safetensors", metadata={"format": "pt"})
    golden = {
        "case": case.name,
        "family": case.family,
        "about": case.about,
        "seed": seed,
        "smallest_greedy_lead": lead,
        "actadd": {"layer": ADDED_LAYER, "coefficient": 1.0, "tensor": "direction_raw"},
        "prompts": prompts,
        "texts": texts_of(tokenizer) if cases.shows_texts(case) else [],
        "chats": chats_of(case, tokenizer) if cases.shows_chats(case) else [],
    }
    (folder / "golden.json").write_text(
        json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    if case.gguf is not None:
        for file in ("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"):
            (folder / file).unlink()
    write_variants(folder, case, tokenizer)
    files = [f for f in folder.rglob("*") if f.is_file()]
    for file in files:
        file.chmod(0o644)
    size = sum(f.stat().st_size for f in files)
    scale = tensors["prompt.1.logits"].abs().max().item()
    print(f"{case.name:32s} {size / 1000:6.1f} kB  seed {seed}  lead {lead:.4f}  max |logit| {scale:.1f}", flush=True)


# --- manifest ---------------------------------------------------------------------------------------------------------


def write_manifest(out):
    by_name = {case.name: case for case in cases.ALL}
    rows = []
    for folder in sorted(p for p in out.iterdir() if p.is_dir()):
        case = by_name[folder.name]
        files = {
            f.relative_to(folder).as_posix(): {
                "bytes": f.stat().st_size,
                "sha256": hashlib.sha256(f.read_bytes()).hexdigest(),
            }
            for f in sorted(folder.rglob("*"))
            if f.is_file()
        }
        rows.append(
            {
                "name": case.name,
                "family": case.family,
                "format": "gguf" if case.gguf is not None else "folder",
                "about": case.about,
                "files": files,
            }
        )
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    versions["python"] = platform.python_version()
    write_json(out / MANIFEST, {"made_by": "tools/golden/checkpoints.py", "versions": versions, "cases": rows})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", help="names of cases; all by default")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    warnings.filterwarnings("ignore")
    arguments.out.mkdir(parents=True, exist_ok=True)
    wanted = [c for c in cases.ALL if not arguments.only or c.name in arguments.only]
    for case in wanted:
        build(case, arguments.out)
    write_manifest(arguments.out)


if __name__ == "__main__":
    main()
