"""Trains the denoiser of a checkout of kuleshov-group/mdlm, a step at a time, as often as it is asked.

    python peer.py <checkout> <threads>

It says "ready <version>", then answers each line
    step <case> <mode> <blocks> <width> <heads> <condition> <length> <batch> <symbols> <seconds>
by "seconds <a step> <of all cores>" or "error <why>", and ends with its input. With 0 seconds it gets ready and takes two steps.

The network is models/dit.py of the checkout as it is. It wants flash_attn, einops, omegaconf and huggingface_hub; where one of
them is missing, or made for another device, plain tensor code stands in. The step around it is what diffusion.py of the
checkout does for the SUBS parameterisation: log-linear noise, antithetic times, AdamW, clipping, a moving average of the weights.
"""
import contextlib
import importlib.util
import os
import sys
import time
import types

ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever else is printed is no answer


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


def apply_rotary_emb_qkv_(qkv, cos, sin):
    """Rotates queries and keys of [B, L, 3, H, D]; cos and sin are [L, D/2]. Not in place: autograd keeps what was there."""
    def rotate(x):
        left, right = x.chunk(2, dim=-1)
        c, s = cos[None, :, None, :], sin[None, :, None, :]
        return torch.cat((left * c - right * s, right * c + left * s), dim=-1)

    return torch.stack((rotate(qkv[:, :, 0]), rotate(qkv[:, :, 1]), qkv[:, :, 2]), dim=2)


def attend(qkv, cu_seqlens, length, dropout, causal):
    """Full attention of texts of one length behind each other: [B·L, 3, H, D] to [B·L, H, D]."""
    q, k, v = qkv.view(-1, length, *qkv.shape[1:]).permute(2, 0, 3, 1, 4)
    if hasattr(F, "scaled_dot_product_attention"):
        mixed = F.scaled_dot_product_attention(q, k, v)
    else:
        mixed = ((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)).softmax(-1) @ v
    return mixed.transpose(1, 2).reshape(-1, *qkv.shape[2:])


def rearrange(x, pattern, **sizes):
    """The rearrangements of models/dit.py."""
    if pattern == "b s (three h d) -> b s three h d":
        return x.view(*x.shape[:2], sizes["three"], sizes["h"], -1)
    if pattern == "b s ... -> (b s) ...":
        return x.flatten(0, 1)
    if pattern == "(b s) h d -> b s (h d)":
        return x.reshape(sizes["b"], -1, x.shape[1] * x.shape[2])
    raise ValueError(f"models/dit.py of this checkout rearranges '{pattern}', which this script does not know; install einops")


def module(name, **contents):
    made = types.ModuleType(name)
    made.__dict__.update(contents)
    sys.modules[name] = made
    return made


def autocast(enabled=True, **_):
    """What the checkout asks of CUDA, on the processor: bf16 where the mode is bf16 at all, and not where it is switched off."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled and torch.is_autocast_cpu_enabled())


def stand_in():
    if not torch.cuda.is_available():
        torch.cuda.amp.autocast = autocast
    rotary = module("flash_attn.layers.rotary", apply_rotary_emb_qkv_=apply_rotary_emb_qkv_)
    layers = module("flash_attn.layers", rotary=rotary)
    interface = module("flash_attn.flash_attn_interface", flash_attn_varlen_qkvpacked_func=attend)
    module("flash_attn", layers=layers, flash_attn_interface=interface)
    if importlib.util.find_spec("einops") is None:
        module("einops", rearrange=rearrange)
    if importlib.util.find_spec("huggingface_hub") is None:
        module("huggingface_hub", PyTorchModelHubMixin=type("PyTorchModelHubMixin", (), {}))
    if importlib.util.find_spec("omegaconf") is None:
        module("omegaconf", OmegaConf=None)


def load(checkout, name):
    spec = importlib.util.spec_from_file_location("peer_" + name, os.path.join(checkout, "models", name + ".py"))
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


class Task:
    """A network and its optimiser, and the step of diffusion.py."""

    def __init__(self, dit, ema, mode, blocks, width, heads, condition, length, batch, symbols):
        torch.manual_seed(1)
        model = types.SimpleNamespace(
            hidden_size=width, cond_dim=condition, length=length, n_blocks=blocks, n_heads=heads, scale_by_sigma=True, dropout=0.0)
        self.network = dit.DIT(types.SimpleNamespace(model=model), vocab_size=symbols)
        self.network.train()
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=3e-4, betas=(0.9, 0.999), eps=1e-8, weight_decay=0)
        self.ema = ema.ExponentialMovingAverage(self.network.parameters(), decay=0.9999)
        self.autocast = mode == "bf16-autocast"
        self.batch, self.length, self.mask = batch, length, symbols - 1
        self.text = torch.randint(0, self.mask, (64 * batch, length))
        self.steps = 0

    def loss(self, x0):
        eps = 1e-3
        t = (torch.rand(self.batch) / self.batch + torch.arange(self.batch) / self.batch) % 1
        t = (1 - eps) * t + eps
        sigma = -torch.log1p(-(1 - eps) * t)
        dsigma = (1 - eps) / (1 - (1 - eps) * t)
        xt = torch.where(torch.rand(x0.shape) < (1 - torch.exp(-sigma))[:, None], self.mask, x0)
        # The network is not told the noise (time_conditioning: false).
        with torch.autocast("cpu", dtype=torch.bfloat16) if self.autocast else contextlib.nullcontext():
            logits = self.network(xt, torch.zeros_like(sigma))
        logits = logits.float()
        logits[:, :, self.mask] += -1e6
        logits = logits - torch.logsumexp(logits, dim=-1, keepdim=True)
        seen = xt != self.mask
        logits[seen] = -1e6
        logits[seen, xt[seen]] = 0
        log_p = torch.gather(logits, -1, x0[:, :, None]).squeeze(-1)
        return (-log_p * (dsigma / torch.expm1(sigma))[:, None]).mean()

    def step(self):
        at = self.steps % 64 * self.batch
        self.steps += 1
        loss = self.loss(self.text[at:at + self.batch])
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.ema.update(self.network.parameters())
        return loss.item()

    def time(self, seconds):
        steps, start, processor = 0, time.perf_counter(), time.process_time()
        while True:
            self.step()
            steps += 1
            elapsed = time.perf_counter() - start
            if elapsed >= seconds:
                return f"{elapsed / steps} {(time.process_time() - processor) / steps}"


def main(checkout, threads):
    torch.set_num_threads(int(threads))
    stand_in()
    try:
        dit, ema = load(checkout, "dit"), load(checkout, "ema")
    except Exception as broken:
        fail(f"the checkout cannot be loaded: {type(broken).__name__}: {broken}")
    answer(f"ready PyTorch {torch.__version__}")
    tasks = {}
    for line in sys.stdin:
        _, case, mode, *sizes, seconds = line.split()
        try:
            if (case, mode) not in tasks:
                tasks[case, mode] = Task(dit, ema, mode, *map(int, sizes))
                tasks[case, mode].time(0)
            answer(f"seconds {tasks[case, mode].time(float(seconds))}")
        except Exception as broken:
            fail(f"{case}, {mode}: {type(broken).__name__}: {broken}")


main(*sys.argv[1:])
