"""COSMIC's scores of every candidate, restated over transformers on the model and prompts of the method's goldens.

    python cosmic.py

Run method.py first. Reads lab/src/test/resources/golden/method and writes cosmic.json beside method.json: the layers
that are compared, and of every candidate cos(ablated harmful, harmless) + cos(harmless with it added, harmful), each the
mean of what a block leaves at the last token over prompts and these layers. After Siu et al. 2025 (arXiv 2506.00085)
and its released code.
"""

import json

import torch
from safetensors.torch import load_file

import checkpoints
import method
import reference

SHARE = 0.1


def stream(model, ids, layers):
    """What blocks leave at the last token, before anything is added to the next block's input."""
    found = {}

    def keep(layer):
        def hook(_module, _args, out):
            found[layer] = (out[0] if isinstance(out, tuple) else out)[0, -1].detach().double()

        return hook

    blocks = reference.blocks_of(model)
    handles = [blocks[l].block.register_forward_hook(keep(l)) for l in layers]
    reference.logits(model, ids)
    for handle in handles:
        handle.remove()
    return torch.stack([found[l] for l in layers])


def mean(model, prompts, layers):
    """`[layer, d_model]`"""
    return torch.stack([stream(model, ids, layers) for ids in prompts]).mean(0)


def cosine(a, b):
    return torch.nn.functional.cosine_similarity(a, b, dim=-1)


def main():
    golden = json.loads((method.OUT / "method.json").read_text(encoding="utf-8"))
    model = checkpoints.load(method.OUT / "checkpoint")
    diffs = load_file(method.OUT / "method.safetensors")["mean_diffs"]
    sets = {name: [golden["ids"][name][i] for i in golden["kept"][name]] for name in golden["ids"]}
    count = model.config.num_hidden_layers
    blocks = list(range(count - 1))
    likeness = cosine(mean(model, sets["target_train"], blocks), mean(model, sets["baseline_train"], blocks))
    order = likeness.argsort().tolist()
    layers = sorted(order[: max(1, int(SHARE * count))])
    harmful = mean(model, sets["target_val"], layers).mean(0)
    harmless = mean(model, sets["baseline_val"], layers).mean(0)
    scores = []
    for row in golden["candidates"]:
        raw = diffs[golden["eoi"]["positions"].index(row["position"]), row["layer"]]
        if row["noise"]:
            scores.append(None)
            continue
        with reference.ablating(model, raw):
            ablated = mean(model, sets["target_val"], layers).mean(0)
        with reference.adding(model, raw, row["layer"]):
            added = mean(model, sets["baseline_val"], layers).mean(0)
        scores.append((cosine(ablated, harmless) + cosine(added, harmful)).item())
    out = {"made_by": "tools/golden/cosmic.py", "layers": layers, "likeness": likeness.tolist(), "scores": scores}
    (method.OUT / "cosmic.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
    print(out)


if __name__ == "__main__":
    main()
