"""The oracle: transformers, run one prompt at a time in float32 with eager attention, read and changed through hooks.

Sites keep the meaning they have in the Java code: `attn_out` and `mlp_out` are exactly what is added to the stream,
so after a post-norm and after a residual multiplier.
"""

from contextlib import contextmanager
from dataclasses import dataclass

import torch

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

NEW_TOKENS = 16
EPSILON = 1e-8

AFTER = ("post_attention_layernorm", "post_feedforward_layernorm")
# The norms between what attention and MLP compute and the stream.
POST_NORMS = {
    "exaone4": AFTER,
    "gemma2": AFTER,
    "gemma3_text": AFTER,
    "glm4": ("post_self_attn_layernorm", "post_mlp_layernorm"),
    "olmo2": AFTER,
    "olmo3": AFTER,
}


@dataclass
class Writer:
    """A module whose output, times `scale`, is added to the stream."""

    module: torch.nn.Module
    scale: float = 1.0
    # Others whose outputs enter the stream with it.
    beside: tuple = ()
    # One of those that reads what this one wrote; the two count as one output.
    then: torch.nn.Module | None = None

    def parts(self):
        return (self, *self.beside)


@dataclass
class BlockSites:
    block: torch.nn.Module
    attention: torch.nn.Module
    attn_out: Writer
    mlp_out: Writer
    projection: torch.nn.Module | None
    # Heads of what the projection reads, where the block has a recurrence instead of attention.
    recurrent: int = 0
    # What the whole stream is multiplied with at last.
    scale: float = 1.0


def blocks_of(model):
    """Blocks of any supported family with the places where they write to the stream."""
    kind = model.config.model_type
    base = getattr(model, "base_model", model)
    base = getattr(base, "language_model", base)
    if kind == "gpt2":
        return [
            BlockSites(b, b.attn, Writer(b.attn), Writer(b.mlp), b.attn.c_proj) for b in base.h
        ]
    if kind == "qwen":
        return [BlockSites(b, b.attn, Writer(b.attn), Writer(b.mlp), b.attn.c_proj) for b in base.h]
    if kind == "gpt_neox":
        return [
            BlockSites(b, b.attention, Writer(b.attention), Writer(b.mlp), b.attention.dense)
            for b in base.layers
        ]
    if kind == "llama4_text":  # its base_model is itself
        return [
            BlockSites(b, b.self_attn, Writer(b.self_attn), Writer(b.feed_forward), b.self_attn.o_proj)
            for b in model.model.layers
        ]
    layers = base.layers
    if kind == "phi":
        return [BlockSites(b, b.self_attn, Writer(b.self_attn), Writer(b.mlp), b.self_attn.dense) for b in layers]
    if kind in ("qwen3_next", "qwen3_5_text", "qwen3_5_moe_text"):
        found = []
        for b in layers:
            recurrent = hasattr(b, "linear_attn")
            mixer = b.linear_attn if recurrent else b.self_attn
            heads = model.config.linear_num_value_heads if recurrent else 0
            found.append(
                BlockSites(b, mixer, Writer(mixer), Writer(b.mlp), mixer.out_proj if recurrent else mixer.o_proj, heads)
            )
        return found
    if kind == "falcon_h1":  # attention and a recurrence write side by side
        return [
            BlockSites(
                b,
                b.self_attn,
                Writer(b.self_attn, b.attn_out_multiplier, (Writer(b.mamba, b.ssm_out_multiplier),)),
                Writer(b.feed_forward),
                b.self_attn.o_proj,
            )
            for b in layers
        ]
    if kind.startswith("granitemoe"):
        scale, found = model.config.residual_multiplier, []
        for b in layers:
            mamba = getattr(b, "mamba", None)
            mixer = b.self_attn if mamba is None else mamba
            mlps = [m for m in (b.block_sparse_moe, getattr(b, "shared_mlp", None)) if m is not None]
            heads = 0 if mamba is None else model.config.mamba_n_heads
            projection = mixer.o_proj if mamba is None else mixer.out_proj
            first, *others = (Writer(m, scale) for m in mlps)
            first.beside = tuple(others)
            found.append(BlockSites(b, mixer, Writer(mixer, scale), first, projection, heads))
        return found
    if kind in ("lfm2", "lfm2_moe"):
        found = []
        for b in layers:
            mixer = b.self_attn if b.is_attention_layer else b.conv
            found.append(
                BlockSites(b, mixer, Writer(mixer), Writer(b.feed_forward), mixer.out_proj, 0 if b.is_attention_layer else 1)
            )
        return found
    if kind in ("gemma4_text", "gemma4_unified_text"):
        found = []
        for b in layers:
            own = getattr(b, "post_per_layer_input_norm", None)
            mlp = Writer(b.post_feedforward_layernorm, 1.0, () if own is None else (Writer(own),), own)
            scale = b.layer_scalar.item()
            found.append(
                BlockSites(b, b.self_attn, Writer(b.post_attention_layernorm), mlp, b.self_attn.o_proj, scale=scale)
            )
        return found
    if kind in POST_NORMS:  # what enters the stream has passed a norm
        attention, mlp = POST_NORMS[kind]
        return [
            BlockSites(b, b.self_attn, Writer(getattr(b, attention)), Writer(getattr(b, mlp)), b.self_attn.o_proj)
            for b in layers
        ]
    scale = float(getattr(model.config, "residual_multiplier", 1.0))
    return [
        BlockSites(b, b.self_attn, Writer(b.self_attn, scale), Writer(b.mlp, scale), b.self_attn.o_proj)
        for b in layers
    ]


def _first(value):
    return value[0] if isinstance(value, tuple) else value


def _with_first(value, tensor):
    return (tensor, *value[1:]) if isinstance(value, tuple) else tensor


@contextmanager
def _hooks(handles):
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _replace_output(module, change):
    return module.register_forward_hook(lambda _m, _a, out: _with_first(out, change(_first(out))))


def _replace_input(block, change):
    def hook(_module, args, kwargs):
        if args:
            return (change(args[0]), *args[1:]), kwargs
        return args, {**kwargs, "hidden_states": change(kwargs["hidden_states"])}

    return block.register_forward_pre_hook(hook, with_kwargs=True)


def _replace_sum(writer, change):
    """Changes what a writer and the one that reads it write together."""
    written = []

    def keep(_module, _args, out):
        written.append(out)

    def rest(_module, _args, out):
        first = written.pop()
        return change(first + out) - first

    return [writer.module.register_forward_hook(keep), writer.then.register_forward_hook(rest)]


def ablating(model, direction):
    """Removes the component along `direction` at every block input, attention output and MLP output."""
    return scaling(model, direction, 0.0)


def scaling(model, direction, factor):
    """Multiplies the component along `direction` at every block input, attention output and MLP output."""
    unit = (direction / (direction.norm() + EPSILON)).float()

    def scale(x):
        return x + (factor - 1) * (x @ unit).unsqueeze(-1) * unit

    handles = []
    for sites in blocks_of(model):
        handles.append(_replace_input(sites.block, scale))
        if sites.mlp_out.then is not None:
            handles += [_replace_output(sites.attn_out.module, scale), *_replace_sum(sites.mlp_out, scale)]
            continue
        for part in sites.attn_out.parts() + sites.mlp_out.parts():
            handles.append(_replace_output(part.module, scale))
    return _hooks(handles)


def adding(model, raw, layer, coefficient=1.0):
    """Adds `coefficient * raw` to the input of one block, at every token."""
    shift = (coefficient * raw).float()
    return _hooks([_replace_input(blocks_of(model)[layer].block, lambda x: x + shift)])


def _forget_length(model):
    """Dynamic RoPE keeps the frequencies of the longest pass so far; every pass here is the first."""
    for module in model.modules():
        if hasattr(module, "original_max_seq_len") and getattr(module, "rope_type", None) == "dynamic":
            module.max_seq_len_cached = module.original_max_seq_len
            module.inv_freq = module.original_inv_freq.clone()


@torch.no_grad()
def logits(model, ids):
    """`[pos, d_vocab]`."""
    _forget_length(model)
    return model(torch.tensor([ids]), use_cache=False).logits[0].float()


@torch.no_grad()
def activations(model, ids, with_patterns=False):
    """Every site of one prompt, and the logits, by the names `demur activations` uses."""
    found = {}

    def keep(name, scale=1.0):
        def hook(_module, _args, out):
            value = _first(out).detach().clone() * scale
            value = value.reshape(-1, value.shape[-1])
            found[name] = found[name] + value if name in found else value

        return hook

    def keep_input(name):
        def hook(_module, args, kwargs):
            found[name] = (args[0] if args else kwargs["hidden_states"])[0].detach().clone()

        return hook

    handles = []
    sites = blocks_of(model)
    for i, s in enumerate(sites):
        at = f"blocks.{i}"
        handles += [
            s.block.register_forward_pre_hook(keep_input(f"{at}.hook_resid_pre"), with_kwargs=True),
            *(p.module.register_forward_hook(keep(f"{at}.hook_attn_out", p.scale)) for p in s.attn_out.parts()),
            *(p.module.register_forward_hook(keep(f"{at}.hook_mlp_out", p.scale)) for p in s.mlp_out.parts()),
        ]
        if with_patterns:
            handles.append(
                s.projection.register_forward_pre_hook(keep_input(f"{at}.attn.hook_z"), with_kwargs=True)
            )
    handles.append(sites[-1].block.register_forward_hook(keep(f"blocks.{len(sites) - 1}.hook_resid_post")))
    _forget_length(model)
    with _hooks(handles):
        out = model(torch.tensor([ids]), use_cache=False, output_attentions=with_patterns)
    found["logits"] = out.logits[0].float()
    if with_patterns:
        patterns = iter(p for p in out.attentions if p is not None)
        for i, s in enumerate(sites):
            heads = s.recurrent
            if not heads:
                pattern = next(patterns)[0]
                found[f"blocks.{i}.attn.hook_pattern"] = pattern
                heads = pattern.shape[0]
            z = found[f"blocks.{i}.attn.hook_z"]
            found[f"blocks.{i}.attn.hook_z"] = z.reshape(z.shape[0], heads, -1)
    _check_sum(found, sites)
    return found


def _check_sum(found, sites):
    """What the sites write must add up to the stream, or a hook sits in the wrong place."""
    total = found["blocks.0.hook_resid_pre"].double()
    for i, s in enumerate(sites):
        written = found[f"blocks.{i}.hook_attn_out"].double() + found[f"blocks.{i}.hook_mlp_out"].double()
        total = (total + written) * s.scale
    last = found[f"blocks.{len(sites) - 1}.hook_resid_post"].double()
    error = (total - last).abs().max().item()
    if error > 1e-4 * last.abs().max().item():
        raise AssertionError(f"attn_out and mlp_out do not add up to the stream: off by {error}")


def _choice_gap(module, x, favour=None):
    """How far the last chosen expert is ahead of the first one left out, and the last chosen group of the next."""
    scores = torch.nn.functional.linear(x, module.weight, getattr(module, "bias", None))
    gaps = []
    favour = getattr(module, "e_score_correction_bias", favour)
    groups = getattr(module, "num_group", None)
    if hasattr(module, "moe_statics"):  # ERNIE
        scores = scores.softmax(-1) + module.moe_statics.e_score_correction_bias
    elif favour is not None:
        scores = scores.sigmoid() + favour
    elif groups:
        scores = scores.softmax(-1)
    if groups and getattr(module, "topk_method", "") != "greedy":
        inside = scores.view(len(x), groups, -1)
        group_scores = inside.topk(1 if favour is None else 2, dim=-1).values.sum(-1)
        best = group_scores.sort(-1, descending=True).values
        if module.topk_group < groups:
            gaps.append((best[:, module.topk_group - 1] - best[:, module.topk_group]).min().item())
        kept = torch.zeros_like(group_scores).scatter_(1, group_scores.topk(module.topk_group).indices, 1)
        scores = inside.masked_fill(kept[:, :, None] == 0, -1e9).reshape(scores.shape)
    best = scores.sort(-1, descending=True).values
    if module.top_k < best.shape[1]:
        gaps.append((best[:, module.top_k - 1] - best[:, module.top_k]).min().item())
    return gaps


@torch.no_grad()
def router_gap(model, ids):
    """How far, at least, a chosen expert is ahead of one left out; infinite without experts."""
    gaps = [float("inf")]

    def hook(module, args, _out):
        gaps.extend(_choice_gap(module, args[0].reshape(-1, module.weight.shape[1]), *args[1:2]))

    def gemma4(module, args, _out):
        best = module.proj(module.norm(args[0]) * module.scale * module.scalar_root_size).sort(-1, descending=True).values
        count = module.config.top_k_experts
        if count < best.shape[1]:
            gaps.append((best[:, count - 1] - best[:, count]).min().item())

    routers = [m for m in model.modules() if hasattr(m, "top_k") and getattr(m, "weight", None) is not None]
    others = [m for m in model.modules() if hasattr(m, "per_expert_scale")]
    handles = [m.register_forward_hook(hook) for m in routers] + [m.register_forward_hook(gemma4) for m in others]
    with _hooks(handles):
        logits(model, ids)
    return min(gaps)


@torch.no_grad()
def greedy(model, ids, count=NEW_TOKENS):
    """`count` new ids by repeated whole passes (no cache, no stop token), and the smallest lead of a winner."""
    sequence, lead = list(ids), float("inf")
    for _ in range(count):
        last = logits(model, sequence)[-1]
        best = torch.topk(last, 2).values
        lead = min(lead, ((best[0] - best[1]) / last.abs().max()).item())
        sequence.append(int(last.argmax()))
    return sequence[len(ids) :], lead


@torch.no_grad()
def greedy_cached(model, ids, count=NEW_TOKENS):
    """The same through transformers' key-value cache."""
    _forget_length(model)
    out = model.generate(
        torch.tensor([ids]),
        attention_mask=torch.ones(1, len(ids), dtype=torch.long),
        max_new_tokens=count,
        min_new_tokens=count,
        do_sample=False,
        num_beams=1,
        pad_token_id=0,
        eos_token_id=None,
    )
    return out[0, len(ids) :].tolist()
