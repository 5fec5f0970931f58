"""Every tiny checkpoint: its configuration, tokenizer, template and how it is stored.

Configurations are spelled as on the hub: most as transformers 4 wrote them (`rope_theta`, `rope_scaling`,
`torch_dtype`), some as transformers 5 does (`rope_parameters`, `dtype`).
"""

import zlib
from dataclasses import dataclass, field

import torch

import templates
import vocabularies
from vocabularies import Vocabulary


@dataclass
class Case:
    name: str
    family: str
    about: str
    config: dict
    vocabulary: Vocabulary
    template: str | None
    seed: int
    stored_as: torch.dtype = torch.float32
    shard_size: str = "10GB"
    gains: dict = field(default_factory=dict)
    template_in_own_file: bool = False
    long_prompt: bool = False
    cache_may_differ: bool = False
    gguf: str | None = None


ALL: list[Case] = []


def add(name, family, about, config, vocabulary, template, **more):
    config = dict(config)
    config.get("text_config", config).setdefault("vocab_size", vocabulary.size())
    for key, token in (("bos_token_id", vocabulary.bos), ("eos_token_id", vocabulary.eos)):
        if token is not None:
            config.setdefault(key, vocabulary.id(token))
    stored = str(more.get("stored_as", torch.float32)).removeprefix("torch.")
    config["dtype" if "rope_parameters" in config else "torch_dtype"] = stored
    ALL.append(Case(name, family, about, config, vocabulary, template, seed=zlib.crc32(name.encode()) % 10_000, **more))


def shows_texts(case):
    """Whether the goldens hold the texts: once for each tokenizer and container is enough."""
    same = [c for c in ALL if c.vocabulary is case.vocabulary and (c.gguf is None) == (case.gguf is None)]
    return case is same[0]


def variants_of(case):
    """Other RoPE settings to try on this case's weights: name to changed settings."""
    return families.VARIANTS.get(case.name, {})


def shows_chats(case):
    """Whether the goldens hold the conversations: once for each tokenizer, template and container."""
    same = [
        c
        for c in ALL
        if c.vocabulary is case.vocabulary and c.template == case.template and (c.gguf is None) == (case.gguf is None)
    ]
    return case.template is not None and case is same[0]


LLAMA2 = vocabularies.llama2()
LLAMA3 = vocabularies.llama3()
QWEN2 = vocabularies.qwen2()
SMOLLM = vocabularies.smollm()

# --- Llama ------------------------------------------------------------------------------------------------------------


def llama(**changes):
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": 16,
        "intermediate_size": 28,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "max_position_embeddings": 512,
        "rms_norm_eps": 1e-5,
        "initializer_range": 0.02,
        "tie_word_embeddings": False,
        "use_cache": True,
    }
    if "rope_parameters" not in changes:
        config["rope_theta"] = 10000.0
    config.update(changes)
    return {k: v for k, v in config.items() if v is not ...}


add(
    "llama-mha-untied",
    "llama",
    "Llama 2: as many KV heads as heads, untied; [INST] template",
    llama(rope_scaling=None, pretraining_tp=1, attention_bias=False),
    LLAMA2,
    templates.LLAMA2,
)
add(
    "llama-gqa-tied",
    "llama",
    "SmolLM2: grouped KV heads, tied; transformers 5 spelling",
    llama(
        hidden_size=24,
        intermediate_size=40,
        num_attention_heads=6,
        num_key_value_heads=2,
        head_dim=4,
        tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": 100000.0},
    ),
    SMOLLM,
    templates.CHATML_SMOL,
    template_in_own_file=True,
    gains={"embed": 0.5},
    long_prompt=True,
)
add(
    "llama-one-kv-head",
    "llama",
    "Llama 3: one KV head, head_dim 10 instead of 24 / 3, odd vocabulary of 337",
    llama(
        hidden_size=24,
        intermediate_size=37,
        num_attention_heads=3,
        num_key_value_heads=1,
        head_dim=10,
        num_hidden_layers=2,
        vocab_size=337,
        rope_theta=500000.0,
    ),
    LLAMA3,
    templates.LLAMA3,
)
add(
    "llama-rope-llama3",
    "llama",
    "Llama 3.1: rope_scaling llama3; transformers 5 spelling",
    llama(
        num_attention_heads=2,
        num_key_value_heads=1,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 500.0,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64,
        },
    ),
    LLAMA3,
    templates.LLAMA3,
    long_prompt=True,
)
add(
    "llama-rope-llama3-v4",
    "llama",
    "Llama 3.2: rope_scaling llama3, tied; transformers 4 spelling",
    llama(
        hidden_size=16,
        num_attention_heads=2,
        num_key_value_heads=1,
        tie_word_embeddings=True,
        rope_theta=2000.0,
        rope_scaling={
            "factor": 32.0,
            "high_freq_factor": 4.0,
            "low_freq_factor": 1.0,
            "original_max_position_embeddings": 128,
            "rope_type": "llama3",
        },
    ),
    LLAMA3,
    templates.LLAMA3,
)
add(
    "llama-rope-linear",
    "llama",
    "rope_scaling linear in its oldest spelling (`type`), factor 2.5",
    llama(num_attention_heads=2, num_key_value_heads=2, rope_scaling={"type": "linear", "factor": 2.5}),
    LLAMA2,
    templates.LLAMA2,
)
add(
    "llama-bias",
    "llama",
    "attention_bias and mlp_bias, a bias on every linear layer",
    llama(hidden_size=20, num_attention_heads=2, num_key_value_heads=1, attention_bias=True, mlp_bias=True),
    LLAMA3,
    templates.LLAMA3,
)
add(
    "llama-sharded",
    "llama",
    "several safetensors shards with an index; four layers",
    llama(hidden_size=16, intermediate_size=24, num_hidden_layers=4, num_attention_heads=2, num_key_value_heads=1),
    SMOLLM,
    templates.CHATML_SMOL,
    shard_size="20KB",
)
add(
    "llama-bf16",
    "llama",
    "stored as bf16; numbers computed in float32 from the stored values",
    llama(num_key_value_heads=2),
    SMOLLM,
    templates.CHATML_PLAIN,
    stored_as=torch.bfloat16,
)
add(
    "llama-f16",
    "llama",
    "stored as f16; numbers computed in float32 from the stored values",
    llama(hidden_size=16, num_attention_heads=2, num_key_value_heads=1),
    SMOLLM,
    templates.CHATML_PLAIN,
    stored_as=torch.float16,
)

# --- Qwen2 ------------------------------------------------------------------------------------------------------------


def qwen2(**changes):
    config = {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "attention_dropout": 0.0,
        "hidden_act": "silu",
        "hidden_size": 16,
        "intermediate_size": 28,
        "max_position_embeddings": 512,
        "max_window_layers": 3,
        "num_attention_heads": 4,
        "num_hidden_layers": 3,
        "num_key_value_heads": 2,
        "rms_norm_eps": 1e-6,
        "sliding_window": 512,
        "tie_word_embeddings": False,
        "use_cache": True,
        "use_sliding_window": False,
    }
    if "rope_parameters" not in changes:
        config["rope_theta"] = 1000000.0
    config.update(changes)
    return config


add(
    "qwen2-untied",
    "qwen2",
    "Qwen2.5: QKV bias, two KV heads, untied; ChatML with a default system prompt",
    qwen2(),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
    long_prompt=True,
)
add(
    "qwen2-tied",
    "qwen2",
    "tied; transformers 5 spelling; vocabulary padded past the tokenizer's",
    qwen2(
        tie_word_embeddings=True,
        num_hidden_layers=2,
        vocab_size=344,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
    ),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
    gains={"embed": 0.5},
)

# --- GGUF -------------------------------------------------------------------------------------------------------------

add(
    "gguf-llama-f32",
    "llama",
    "GGUF, F32, Q and K rows permuted, sentencepiece vocabulary",
    llama(num_key_value_heads=2),
    LLAMA2,
    templates.LLAMA2,
    gguf="F32",
)
add(
    "gguf-llama3-f32",
    "llama",
    "GGUF, F32, Q and K rows permuted, rope_freqs.weight of Llama 3.1, tied",
    llama(
        hidden_size=16,
        num_attention_heads=2,
        num_key_value_heads=1,
        tie_word_embeddings=True,
        rope_theta=500.0,
        rope_scaling={
            "factor": 8.0,
            "high_freq_factor": 4.0,
            "low_freq_factor": 1.0,
            "original_max_position_embeddings": 64,
            "rope_type": "llama3",
        },
    ),
    LLAMA3,
    templates.LLAMA3,
    gguf="F32",
)
add(
    "gguf-qwen2-f32",
    "qwen2",
    "GGUF, F32, rows not permuted, QKV bias",
    qwen2(hidden_size=16, num_attention_heads=2, num_key_value_heads=1),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
    gguf="F32",
)
add(
    "gguf-qwen2-q8_0",
    "qwen2",
    "GGUF, matrices in Q8_0; numbers computed in float32 from the dequantised values",
    qwen2(hidden_size=32, intermediate_size=64, num_hidden_layers=2),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
    gguf="Q8_0",
)
add(
    "gguf-llama-q8_0",
    "llama",
    "GGUF, matrices in Q8_0, Q and K rows permuted, byte-level vocabulary",
    llama(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_key_value_heads=2),
    SMOLLM,
    templates.CHATML_SMOL,
    gguf="Q8_0",
)

import families  # noqa: E402,F401  (adds the other families to ALL)
