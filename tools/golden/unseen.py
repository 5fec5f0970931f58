"""Random configurations of a family that nobody looked at, with the numbers transformers computes from them.

    python tools/golden/unseen.py FAMILY [--count 30] [--seed 1] --out DIR

writes checkpoints like the committed ones, to be tried with every test that runs on each checkpoint:

    mvn -B -pl model test -Dtest='TransformersParityTest,FamilyLawsTest,…' -Ddemur.checkpoints=DIR

They are not committed: what they find becomes a case of families.py. A configuration that transformers cannot run, or
for which every seed has a near tie, is left out with a line that says so.
"""

import argparse
import json
import random
import shutil
import warnings
from pathlib import Path

from transformers.utils import logging as transformers_logging

import cases
import checkpoints
import families
import texts
import unseen_dense
import unseen_newer


def rotation(r, rotary):
    """Rotary settings of any kind, in either spelling."""
    theta = r.choice([50.0, 1000.0, 10000.0, 500000.0])
    kind = r.choice(["none", "none", "linear", "yarn", "yarn-mscale", "llama3", "dynamic"])
    scaling = {
        "none": None,
        "linear": {"rope_type": "linear", "factor": r.choice([2.0, 3.5])},
        "yarn": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": r.choice([8, 32])},
        "yarn-mscale": {
            "rope_type": "yarn",
            "factor": r.choice([4.0, 40.0]),
            "original_max_position_embeddings": r.choice([16, 64]),
            "beta_fast": 32,
            "beta_slow": r.choice([1, 2]),
            "mscale": r.choice([0.707, 1.0]),
            "mscale_all_dim": r.choice([0.707, 1.0]),
        },
        "llama3": {
            "rope_type": "llama3",
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 32,
        },
        "dynamic": {"rope_type": "dynamic", "factor": 2.0},
    }[kind]
    if rotary < 4 and kind == "dynamic":  # a division by zero
        scaling = None
    if r.random() < 0.5:
        return {"rope_parameters": {"rope_type": "default", **(scaling or {}), "rope_theta": theta}}
    return {"rope_theta": theta, "rope_scaling": scaling}


def common(r):
    heads = r.choice([2, 3, 4, 6])
    return {
        "hidden_size": r.choice([12, 16, 20, 24]),
        "intermediate_size": r.choice([7, 16, 24]),
        "num_hidden_layers": r.choice([2, 3, 4]),
        "num_attention_heads": heads,
        "num_key_value_heads": r.choice([k for k in (1, 2, 3, 4, 6) if heads % k == 0]),
        "rms_norm_eps": r.choice([1e-6, 1e-5, 1e-3]),
        "tie_word_embeddings": r.random() < 0.3,
        "hidden_act": r.choice(["silu", "silu", "gelu", "gelu_pytorch_tanh", "relu", "gelu_new"]),
        "max_position_embeddings": r.choice([128, 512]),
        "vocab_size": r.choice([400, 401, 512]),
    }


def experts(r):
    groups = r.choice([1, 2, 3])
    size = r.choice([2, 3])
    kept = r.randint(1, groups)
    return {
        "n_routed_experts": groups * size,
        "n_shared_experts": r.choice([1, 2]),
        "num_experts_per_tok": r.randint(1, min(kept * size, 4)),
        "moe_intermediate_size": r.choice([5, 8, 12]),
        "n_group": groups,
        "topk_group": kept,
        "norm_topk_prob": r.random() < 0.5,
        "routed_scaling_factor": r.choice([1.0, 0.7, 2.5]),
        "first_k_dense_replace": r.choice([0, 1, 2]),
    }


def glm4_moe(r):
    width = r.choice([4, 8, 12])
    part = r.choice([0.5, 1.0])
    rope = rotation(r, int(width * part))
    where = rope["rope_parameters"] if "rope_parameters" in rope else rope
    where["partial_rotary_factor"] = part
    return families.glm4_moe(
        **{
            **common(r),
            **experts(r),
            **rope,
            **({"partial_rotary_factor": ...} if "rope_parameters" in rope else {}),
            "head_dim": width,
            "attention_bias": r.random() < 0.5,
            "use_qk_norm": r.random() < 0.5,
        }
    )


def olmoe(r):
    heads = r.choice([2, 4])
    count = r.choice([3, 4, 6])
    width = r.choice([4, 6])
    return families.olmoe(
        **{
            **common(r),
            **rotation(r, width),
            "hidden_size": heads * width,
            "num_attention_heads": heads,
            "num_key_value_heads": r.choice([1, heads]),
            "attention_bias": r.random() < 0.5,
            "num_experts": count,
            "num_experts_per_tok": r.randint(1, count),
            "norm_topk_prob": r.random() < 0.5,
        }
    )


def deepseek(r, made, **more):
    rotary = r.choice([2, 4, 8])
    chosen = common(r)
    heads = chosen["num_attention_heads"]
    return made(
        **{
            **chosen,
            **experts(r),
            **rotation(r, rotary),
            "hidden_size": heads * r.choice([4, 6]),
            "num_key_value_heads": heads,
            "qk_rope_head_dim": rotary,
            "qk_nope_head_dim": r.choice([3, 6, 8]),
            "v_head_dim": r.choice([2, 5, 8, 20]),
            "kv_lora_rank": r.choice([5, 8, 16]),
            "q_lora_rank": r.choice([None, 6, 12]),
            "attention_bias": r.random() < 0.5,
            **more,
        }
    )


def deepseek_v2(r):
    method = r.choice(["greedy", "group_limited_greedy"])
    even = {"qk_nope_head_dim": r.choice([2, 6, 8]), "kv_lora_rank": r.choice([6, 8, 16])}  # transformers needs pairs
    return deepseek(r, families.deepseek_v2, topk_method=method, mlp_bias=r.random() < 0.2, **even)


def deepseek_v3(r):
    return deepseek(r, families.deepseek_v3, rope_interleave=r.random() < 0.6)


def llama4_text(r):
    width = r.choice([4, 6, 8])
    chosen = common(r)
    layers = chosen["num_hidden_layers"]
    listed = {"no_rope_layers": [r.randint(0, 1) for _ in range(layers)]} if r.random() < 0.5 else {}
    kinds = ["chunked_attention", "full_attention"]
    types = {"layer_types": [r.choice(kinds) for _ in range(layers)]} if r.random() < 0.3 else {}
    count = r.choice([2, 3, 4])
    return families.llama4(
        **{
            **chosen,
            **rotation(r, width),
            **listed,
            **types,
            "head_dim": width,
            "no_rope_layer_interval": r.choice([2, 3, 4]),
            "attention_chunk_size": r.choice([2, 3, 5, 64] + ([] if types else [None])),
            "use_qk_norm": r.random() < 0.6,
            "attn_temperature_tuning": r.random() < 0.6,
            "floor_scale": r.choice([1, 3, 8192]),
            "attn_scale": r.choice([0.1, 0.5]),
            "attention_bias": r.random() < 0.4,
            "intermediate_size_mlp": r.choice([9, 20]),
            "interleave_moe_layer_step": r.choice([1, 2]),
            "moe_layers": r.choice([None, None, [], [0], [1]]),
            "num_local_experts": count,
            "num_experts_per_tok": r.randint(1, min(2, count)),
        }
    )


def ernie_moe(r):
    count = r.choice([3, 4, 6])
    chosen = common(r)
    heads = chosen["num_attention_heads"]
    chosen["hidden_size"] = heads * r.choice([4, 6])
    return families.ernie_moe(
        **{
            **chosen,
            **rotation(r, chosen["hidden_size"] // heads),
            "moe_num_experts": count,
            "moe_k": r.randint(1, count),
            "moe_num_shared_experts": r.choice([0, 1, 2]),
            "moe_intermediate_size": r.choice([5, 8]),
            "moe_layer_start_index": r.choice([0, 1]),
            "moe_layer_end_index": r.choice([-1, 1, 2]),
            "moe_layer_interval": r.choice([1, 1, 2]),
        }
    )


def recurrent_layers(r, count, attention, recurrent):
    """At least one of each kind."""
    kinds = [attention, recurrent] + [r.choice([attention, recurrent, recurrent]) for _ in range(count - 2)]
    r.shuffle(kinds)
    return kinds


def delta(r):
    keys = r.choice([1, 2, 3])
    return {
        "linear_conv_kernel_dim": r.choice([2, 3, 4]),
        "linear_key_head_dim": r.choice([3, 6, 8]),
        "linear_value_head_dim": r.choice([4, 5, 8]),
        "linear_num_key_heads": keys,
        "linear_num_value_heads": keys * r.choice([1, 2, 3]),
        "attention_bias": r.random() < 0.3,
    }


def gated_experts(r):
    count = r.choice([3, 4, 6])
    return {
        "num_experts": count,
        "num_experts_per_tok": r.randint(1, count),
        "moe_intermediate_size": r.choice([5, 8]),
        "shared_expert_intermediate_size": r.choice([5, 9]),
    }


def qwen_next(r, kind, architecture, **more):
    settings = {**common(r), **delta(r), **more}
    width = r.choice([4, 8, 12])
    part = r.choice([0.5, 1.0])
    rope = rotation(r, int(width * part))
    where = rope["rope_parameters"] if "rope_parameters" in rope else rope
    where["partial_rotary_factor"] = part
    count = settings["num_hidden_layers"]
    if r.random() < 0.5:
        settings["layer_types"] = recurrent_layers(r, count, "full_attention", "linear_attention")
    else:
        settings["full_attention_interval"] = 2
    return families.qwen_next(kind, architecture, **{**settings, **rope, "head_dim": width, "max_position_embeddings": 512})


def qwen3_next(r):
    count = r.choice([2, 3])
    more = {
        "decoder_sparse_step": r.choice([1, 2]),
        "mlp_only_layers": r.choice([[], [0]]),
        "norm_topk_prob": r.random() < 0.5,
        **gated_experts(r),
    }
    return qwen_next(r, "qwen3_next", "Qwen3NextForCausalLM", num_hidden_layers=count, **more)


def qwen3_5_text(r):
    return qwen_next(r, "qwen3_5_text", "Qwen3_5ForCausalLM")


def qwen3_5_moe_text(r):
    return qwen_next(r, "qwen3_5_moe_text", "Qwen3_5MoeForCausalLM", intermediate_size=..., **gated_experts(r))


def short_convolutions(r):
    settings = common(r)
    count = settings["num_hidden_layers"]
    heads = settings["num_attention_heads"]
    width = r.choice([4, 6])
    return {
        **settings,
        **rotation(r, width),
        "hidden_size": heads * width,
        "rms_norm_eps": ...,
        "hidden_act": ...,
        "norm_eps": settings["rms_norm_eps"],
        "layer_types": recurrent_layers(r, count, "full_attention", "conv"),
        "conv_L_cache": r.choice([2, 3, 5]),
        "conv_bias": r.random() < 0.5,
        "max_position_embeddings": 512,
    }


def lfm2(r):
    return families.lfm2(
        **{
            **short_convolutions(r),
            "block_auto_adjust_ff_dim": r.random() < 0.5,
            "block_ffn_dim_multiplier": r.choice([1.0, 1.3, 0.7]),
            "block_multiple_of": r.choice([1, 4, 8]),
        }
    )


def lfm2_moe(r):
    count = r.choice([3, 4, 6])
    return families.lfm2_moe(
        **{
            **short_convolutions(r),
            "num_experts": count,
            "num_experts_per_tok": r.randint(1, count),
            "moe_intermediate_size": r.choice([5, 8]),
            "num_dense_layers": r.choice([0, 1, 2]),
            "use_expert_bias": r.random() < 0.5,
            "norm_topk_prob": r.random() < 0.5,
            "routed_scaling_factor": r.choice([1.0, 0.6, 2.0]),
        }
    )


def granite(r):
    settings = common(r)
    heads = settings["num_attention_heads"]
    width = r.choice([4, 6])
    count = r.choice([2, 3, 5])
    return {
        **settings,
        **rotation(r, width),
        "hidden_size": heads * width,
        "num_local_experts": count,
        "num_experts_per_tok": r.randint(1, count),
        "embedding_multiplier": r.choice([1.0, 6.0]),
        "attention_multiplier": r.choice([0.2, 0.5]),
        "residual_multiplier": r.choice([0.3, 1.0]),
        "logits_scaling": r.choice([0.5, 2.0, 4.0]),
        "attention_bias": r.random() < 0.3,
        "max_position_embeddings": 512,
    }


def granitemoe(r):
    return families.granite_moe("granitemoe", "GraniteMoeForCausalLM", **granite(r))


def granitemoeshared(r):
    width = r.choice([0, 6, 11])
    return families.granite_moe(
        "granitemoeshared", "GraniteMoeSharedForCausalLM", **{**granite(r), "shared_intermediate_size": width}
    )


def granitemoehybrid(r):
    settings = granite(r)
    expand = r.choice([1, 2])
    inner = expand * settings["hidden_size"]
    heads = r.choice([h for h in (2, 3, 4, 6) if inner % h == 0])
    dense = r.random() < 0.5
    return families.granite_hybrid(
        **{
            **settings,
            **({"num_local_experts": 0, "num_experts_per_tok": 0} if dense else {}),
            "layer_types": recurrent_layers(r, settings["num_hidden_layers"], "attention", "mamba"),
            "position_embedding_type": r.choice(["rope", "nope"]),
            "shared_intermediate_size": r.choice([7, 14]),
            "mamba_expand": expand,
            "mamba_n_heads": heads,
            "mamba_n_groups": r.choice([g for g in (1, 2, 3) if heads % g == 0]),
            "mamba_d_state": r.choice([3, 8]),
            "mamba_d_head": r.choice(["auto", inner // heads]),
            "mamba_d_conv": r.choice([2, 4]),
            "mamba_chunk_size": r.choice([4, 16, 256]),
            "mamba_conv_bias": r.random() < 0.5,
            "mamba_proj_bias": r.random() < 0.5,
        }
    )


def falcon_h1(r):
    settings = granite(r)
    kept = {k: v for k, v in settings.items() if not k.endswith(("_multiplier", "_scaling")) and "expert" not in k}
    expand = r.choice([1, 2])
    heads = r.choice([2, 3, 4])
    inner = heads * r.choice([4, 6])
    some = lambda count: [round(r.uniform(0.5, 1.5), 2) for _ in range(count)]  # noqa: E731
    one = ("embedding", "lm_head", "key", "attention_in", "attention_out", "ssm_in", "ssm_out")
    flags = ("mamba_conv_bias", "mamba_proj_bias", "mamba_rms_norm", "mamba_norm_before_gate", "projectors_bias", "mlp_bias")
    return families.falcon_h1(
        **{
            **kept,
            **{f"{name}_multiplier": some(1)[0] for name in one},
            **{flag: r.random() < 0.5 for flag in flags},
            "mlp_multipliers": r.choice([None, some(2)]),
            "ssm_multipliers": r.choice([None, some(5)]),
            "mamba_expand": expand,
            "mamba_d_ssm": inner,
            "mamba_n_heads": heads,
            "mamba_n_groups": r.choice([g for g in (1, 2, 3) if heads % g == 0]),
            "mamba_d_state": r.choice([3, 8]),
            "mamba_d_head": r.choice(["auto", inner // heads]),
            "mamba_d_conv": r.choice([2, 4]),
            "mamba_chunk_size": r.choice([4, 16, 256]),
        }
    )


FAMILIES = {
    "ernie4_5_moe": ernie_moe,
    "llama4_text": llama4_text,
    "deepseek_v2": deepseek_v2,
    "deepseek_v3": deepseek_v3,
    "glm4_moe": glm4_moe,
    "olmoe": olmoe,
    "qwen3_next": qwen3_next,
    "qwen3_5_text": qwen3_5_text,
    "qwen3_5_moe_text": qwen3_5_moe_text,
    "lfm2": lfm2,
    "lfm2_moe": lfm2_moe,
    "granitemoe": granitemoe,
    "granitemoeshared": granitemoeshared,
    "granitemoehybrid": granitemoehybrid,
    "falcon_h1": falcon_h1,
}

FAMILIES |= {name: lambda r, made=made: made(r, common) for name, made in (unseen_dense.FAMILIES | unseen_newer.FAMILIES).items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", choices=sorted(FAMILIES))
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=0, help="a third prompt, a long one so many times over")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    warnings.filterwarnings("ignore")
    arguments.out.mkdir(parents=True, exist_ok=True)
    texts.PROMPT_LONG = " ".join([texts.PROMPT_LONG] * arguments.repeat)
    for number in range(arguments.count):
        name = f"{arguments.family}-{arguments.seed}-{number}"
        settings = FAMILIES[arguments.family](random.Random(name))
        more = {"cache_may_differ": True, "long_prompt": arguments.repeat > 0}
        cases.add(name, arguments.family, "unseen", settings, families.STABLELM, None, **more)
        try:
            checkpoints.build(cases.ALL[-1], arguments.out)
        except Exception as error:  # whatever transformers thinks of it
            shutil.rmtree(arguments.out / name, ignore_errors=True)
            print(f"{name}: left out: {' '.join(str(error).split())[:200]}: {json.dumps(settings)[:2000]}", flush=True)


if __name__ == "__main__":
    main()
