"""What transformers makes of the shipped demo models: token ids, logits, greedy answers.

Writes toy/src/test/resources/golden/toy.json. Run after the models in the resources change.
"""

import json
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

torch.set_num_threads(1)

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "toy/src/main/resources/dev/demur/toy/models"
OUT = ROOT / "toy/src/test/resources/golden/toy.json"
PROMPTS = [
    "How do I feed a duck?",
    "Can you tell me how to tease a duck?",
    "I want to kill a frozen program. Any ideas?",
    "¿Cómo puedo reparar una bicicleta?",
    "What is the capital of France?",
    "An unseen wörd, 12 numbers\nand two lines — with punctuation…",
]
TOP = 8
NEW_TOKENS = 32


def case(model, tokenizer, prompt):
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": prompt}], add_generation_prompt=True, tokenize=False
    )
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        logits = model(ids).logits[0, -1]
        greedy = model.generate(ids, max_new_tokens=NEW_TOKENS, do_sample=False)
    top = logits.topk(TOP)
    return {
        "prompt": prompt,
        "text": text,
        "ids": ids[0].tolist(),
        "topIds": top.indices.tolist(),
        "topLogits": [round(x, 5) for x in top.values.tolist()],
        "logitSum": round(logits.double().sum().item(), 3),
        "answer": tokenizer.decode(greedy[0, ids.shape[1] :], skip_special_tokens=True),
    }


def main():
    golden = {"transformers": transformers.__version__, "torch": torch.__version__, "models": {}}
    for name in ("base", "chat", "think"):
        tokenizer = AutoTokenizer.from_pretrained(MODELS / name)
        model = AutoModelForCausalLM.from_pretrained(MODELS / name, dtype=torch.float32).eval()
        golden["models"][name] = [case(model, tokenizer, prompt) for prompt in PROMPTS]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
