"""llama.cpp's side of the measurements: `llama_side.py FILE.gguf THREADS`; see sides.py. Needs llama-cpp-python."""

import json
import os
import sys
import time

import numpy as np
from llama_cpp import Llama, llama_print_system_info


class LlamaSide:
    def __init__(self, model, threads):
        # llama.cpp's own sizes of a batch and its parts are 2048 and 512.
        self.llm = Llama(
            model_path=model, n_ctx=2048, n_batch=2048, n_ubatch=512, n_threads=threads, n_threads_batch=threads, verbose=False
        )

    def read(self, prompts):
        """Each prompt in one call, the last token's logits."""
        best = []
        start = time.perf_counter()
        for prompt in prompts:
            self.llm.reset()
            self.llm.eval(prompt)
            best.append(self.best())
        return {"seconds": time.perf_counter() - start, "best": best}

    def stream(self, prompts, tokens):
        """One sequence, greedy; seconds from its first token to its last."""
        self.llm.reset()
        self.llm.eval(prompts[0])
        written = [self.best()]
        start = time.perf_counter()
        while len(written) < tokens:
            self.llm.eval([written[-1]])
            written.append(self.best())
        return {"seconds": time.perf_counter() - start, "written": [written]}

    def best(self):
        logits = np.ctypeslib.as_array(self.llm._ctx.get_logits(), shape=(self.llm.n_vocab(),))
        return int(logits.argmax())


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the library prints
    side = LlamaSide(sys.argv[1], int(sys.argv[2]))
    system = llama_print_system_info().decode()
    print(json.dumps({"ready": sys.argv[1], "system": system}), file=answers, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(getattr(side, question.pop("task"))(**question)), file=answers, flush=True)


if __name__ == "__main__":
    main()
