"""How a peer is asked and how it answers; the text of peer_mdlm.py or peer_pytorch.py follows in the same script.

It says "ready <name and version>", then answers each line of its input, and ends with it. Lines that begin with "note" report progress.
    choose <case> <types> <work> <sizes>               by "chosen <mode>": the fastest of the peer's own ways
    step <case> <mode> <work> <sizes> <seconds>        by "seconds <a step> <of all cores>"
or by "error <why>". Sizes are <blocks> <width> <heads> <condition> <length> <batch> <symbols> <calls>. A step is an update, or a
generation of a batch of texts. With 0 seconds it gets ready and takes two steps.
"""
import os
import sys
import time
import types

ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever else is printed is no answer

SIZES = "blocks", "width", "heads", "condition", "length", "batch", "symbols", "calls"


def answer(text):
    ANSWERS.write(" ".join(str(text).split()) + "\n")


def fail(text):
    answer("error " + str(text))
    sys.exit(1)


try:
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    fail(f"this Python has no PyTorch ({missing}); run 'pip install torch' or 'apt-get install python3-torch'")


class Task:
    """Something to do again and again."""

    def time(self, seconds):
        """The seconds that it takes once, and those of all cores together."""
        times, start, processor = 0, time.perf_counter(), time.process_time()
        while True:
            self.once()
            times += 1
            elapsed = time.perf_counter() - start
            if elapsed >= seconds:
                return elapsed / times, (time.process_time() - processor) / times


def serve(name, make, choose=None):
    """Answers until the input ends. make(mode, work, sizes) gives a task, choose(case, types, work, sizes) a mode and its task."""
    answer(f"ready {name}")
    tasks = {}
    for line in sys.stdin:
        verb, case, mode, work, *numbers = line.split()
        sizes = types.SimpleNamespace(**dict(zip(SIZES, map(int, numbers))))
        try:
            if verb == "choose":
                mode, task = choose(case, mode, work, sizes)
                tasks[case, mode] = task
                answer(f"chosen {mode}")
                continue
            if (case, mode) not in tasks:
                tasks[case, mode] = make(mode, work, sizes)
                tasks[case, mode].time(0)
            answer("seconds {} {}".format(*tasks[case, mode].time(float(numbers[-1]))))
        except Exception as broken:
            fail(f"{case}, {mode}: {type(broken).__name__}: {broken}")


