"""transformers' side of the measurements: `transformers_side.py MODEL DTYPE THREADS DEVICE`; see sides.py."""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM


class TransformersSide:
    def __init__(self, model, dtype, device):
        kind = {"bf16": torch.bfloat16, "f32": torch.float32}[dtype]
        self.device = torch.device(device)
        net = AutoModelForCausalLM.from_pretrained(model, dtype=kind, device_map={"": device} if device != "cpu" else None)
        self.net = net.eval().requires_grad_(False)
        # Length alone ends a completion, on every side.
        self.net.generation_config.eos_token_id = None
        self.net.generation_config.do_sample = False
        self.net.generation_config.temperature = self.net.generation_config.top_p = self.net.generation_config.top_k = None
        self.pad = 0

    def trunk(self, prompts):
        """All blocks over each prompt, no logits."""
        start = time.perf_counter()
        for prompt in prompts:
            self.net.model(input_ids=torch.tensor([prompt], device=self.device), use_cache=False)
        return {"seconds": self.seconds(start)}

    def padded(self, prompts):
        """One left-padded batch, logits of every token, as the released loop calls a model."""
        ids, mask = self.batch(prompts)
        start = time.perf_counter()
        logits = self.net(input_ids=ids, attention_mask=mask).logits[:, -1, :]
        seconds = self.seconds(start)
        logprobs = logits.double().log_softmax(-1)
        best = logprobs.topk(5).indices
        columns = sorted(set(best.flatten().tolist()))
        return {
            "seconds": seconds,
            "tokens_run": ids.numel(),
            "best": best[:, 0].tolist(),
            "columns": columns,
            "logprobs": logprobs[:, columns].tolist(),
        }

    def generate(self, prompts, tokens, batch):
        """Greedy completions, some at a time, in order."""
        written = []
        start = time.perf_counter()
        for first in range(0, len(prompts), batch):
            ids, mask = self.batch(prompts[first : first + batch])
            out = self.net.generate(
                input_ids=ids, attention_mask=mask, max_new_tokens=tokens, min_new_tokens=tokens, pad_token_id=self.pad
            )
            written += out[:, ids.shape[1] :].tolist()
        return {"seconds": self.seconds(start), "written": written}

    def stream(self, prompts, tokens):
        """One sequence by a bare loop, which is quicker than `generate`; seconds from its first token to its last."""
        out = self.net(input_ids=torch.tensor([prompts[0]], device=self.device), use_cache=True, logits_to_keep=1)
        written = [out.logits[0, -1].argmax().item()]
        start = time.perf_counter()
        while len(written) < tokens:
            out = self.net(
                input_ids=torch.tensor([[written[-1]]], device=self.device), past_key_values=out.past_key_values, use_cache=True
            )
            written.append(out.logits[0, -1].argmax().item())
        return {"seconds": self.seconds(start), "written": [written]}

    def batch(self, prompts):
        longest = max(map(len, prompts))
        ids = torch.tensor([[self.pad] * (longest - len(p)) + p for p in prompts])
        mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in prompts])
        return ids.to(self.device), mask.to(self.device)

    def seconds(self, start):
        """Since then, once all that is asked of a card is done."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        return time.perf_counter() - start


def main():
    answers, sys.stdout = sys.stdout, sys.stderr  # libraries may print
    torch.set_num_threads(int(sys.argv[3]))
    side = TransformersSide(sys.argv[1], sys.argv[2], sys.argv[4])
    print(json.dumps({"ready": sys.argv[1]}), file=answers, flush=True)
    with torch.no_grad():
        for line in sys.stdin:
            question = json.loads(line)
            print(json.dumps(getattr(side, question.pop("task"))(**question)), file=answers, flush=True)


if __name__ == "__main__":
    main()
