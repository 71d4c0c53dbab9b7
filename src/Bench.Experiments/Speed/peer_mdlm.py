"""Trains and samples the networks of a checkout of kuleshov-group/mdlm. It follows the text of peer.py; arguments: <threads> <checkout>.

The networks are models/dit.py and models/autoregressive.py of the checkout as they are. They want flash_attn, einops, omegaconf and
huggingface_hub; where one of them is missing, or made for another device, plain tensor code stands in. What is done with them is what
diffusion.py of the checkout does: for the SUBS parameterisation log-linear noise, antithetic times and ancestral steps that keep the
prediction while no token changes; for autoregression the loss of the next token, and a sampler that reads the whole text anew for
every token. In the mode fp32-cache, keys and values are kept instead, which diffusion.py leaves to do. Updates are AdamW, clipping
and a moving average of the weights.
"""
import contextlib
import functools
import importlib.util
import os
import sys
import types


def apply_rotary_emb_qkv_(qkv, cos, sin):
    """Rotates queries and keys of [B, L, 3, H, D]; cos and sin are [L, D/2]. Not in place: autograd keeps what was there."""
    def rotate(x):
        left, right = x.chunk(2, dim=-1)
        c, s = cos[None, :, None, :], sin[None, :, None, :]
        return torch.cat((left * c - right * s, right * c + left * s), dim=-1)

    return torch.stack((rotate(qkv[:, :, 0]), rotate(qkv[:, :, 1]), qkv[:, :, 2]), dim=2)


def attend(qkv, cu_seqlens, length, dropout, causal):
    """Attention of texts of one length behind each other: [B·L, 3, H, D] to [B·L, H, D]."""
    q, k, v = qkv.view(-1, length, *qkv.shape[1:]).permute(2, 0, 3, 1, 4)
    if hasattr(F, "scaled_dot_product_attention"):
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    else:
        scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
        if causal:
            scores = scores + torch.full((length, length), -torch.inf, dtype=scores.dtype).triu(1)
        mixed = scores.softmax(-1) @ v
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


@functools.lru_cache(maxsize=None)
def load(checkout, name):
    spec = importlib.util.spec_from_file_location("peer_" + name, os.path.join(checkout, "models", name + ".py"))
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


class NetworkTask(Task):
    """Something to do with a network."""

    def __init__(self, checkout, mode, sizes):
        self.__dict__.update(vars(sizes))
        self.mask = self.symbols - 1
        self.products = functools.partial(torch.autocast, "cpu", dtype=torch.bfloat16) if mode == "bf16-autocast" else contextlib.nullcontext
        torch.manual_seed(1)
        self.network = self.build(checkout)

    def config(self, **more):
        return types.SimpleNamespace(model=types.SimpleNamespace(
            hidden_size=self.width, cond_dim=self.condition, length=self.length, n_blocks=self.blocks, n_heads=self.heads, scale_by_sigma=True, dropout=0.0, **more))

    def diffusion(self, checkout):
        return load(checkout, "dit").DIT(self.config(), vocab_size=self.symbols)

    def autoregression(self, checkout):
        return load(checkout, "autoregressive").AR(self.config(causal=True), vocab_size=self.symbols, mask_index=self.mask)

    def log_p(self, x):
        """Of the clean text, by the SUBS parameterisation: [B, L, V]. The network is not noise-conditioned (time_conditioning: false)."""
        with self.products():
            logits = self.network(x, torch.zeros(len(x)))
        logits = logits.float()
        logits[:, :, self.mask] += -1e6
        logits = logits - torch.logsumexp(logits, dim=-1, keepdim=True)
        seen = x != self.mask
        logits[seen] = -1e6
        logits[seen, x[seen]] = 0
        return logits


class Training(NetworkTask):
    """Updates, on texts of random tokens: with one more in each, which autoregression starts from."""

    def __init__(self, checkout, mode, sizes):
        super().__init__(checkout, mode, sizes)
        self.network.train()
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=3e-4, betas=(0.9, 0.999), eps=1e-8, weight_decay=0)
        self.ema = load(checkout, "ema").ExponentialMovingAverage(self.network.parameters(), decay=0.9999)
        self.text = torch.randint(0, self.mask, (64 * self.batch, self.length + 1))
        self.steps = 0

    def once(self):
        at = self.steps % 64 * self.batch
        self.steps += 1
        loss = self.loss(self.text[at:at + self.batch])
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.ema.update(self.network.parameters())
        return loss.item()


class TrainDiffusion(Training):
    build = NetworkTask.diffusion

    def loss(self, text):
        x0 = text[:, 1:]
        eps = 1e-3
        t = (torch.rand(self.batch) / self.batch + torch.arange(self.batch) / self.batch) % 1
        t = (1 - eps) * t + eps
        sigma = -torch.log1p(-(1 - eps) * t)
        dsigma = (1 - eps) / (1 - (1 - eps) * t)
        xt = torch.where(torch.rand(x0.shape) < (1 - torch.exp(-sigma))[:, None], self.mask, x0)
        log_p = torch.gather(self.log_p(xt), -1, x0[:, :, None]).squeeze(-1)
        return (-log_p * (dsigma / torch.expm1(sigma))[:, None]).mean()


class TrainAutoregression(Training):
    build = NetworkTask.autoregression

    def loss(self, text):
        with self.products():
            log_p = self.network(text[:, :-1], None)
        return -log_p.gather(-1, text[:, 1:, None]).mean()


class Sampling(NetworkTask):
    """Generations. First weights of a head are zero: those get others, so that what is drawn depends on the network."""

    def __init__(self, checkout, mode, sizes):
        super().__init__(checkout, mode, sizes)
        self.network.eval()
        for weight in self.network.output_layer.parameters():
            if not weight.any():
                torch.nn.init.normal_(weight, std=0.1)


class SampleDiffusion(Sampling):
    build = NetworkTask.diffusion

    @torch.no_grad()
    def once(self):
        eps = 1e-5
        x = torch.full((self.batch, self.length), self.mask)
        dt = (1 - eps) / self.calls
        p = None
        for t in torch.linspace(1, eps, self.calls + 1)[:-1]:
            if p is None:
                p = self.log_p(x).exp()
            q = p * dt
            q[:, :, self.mask] = t - dt
            drawn = (q / (1e-10 - (torch.rand_like(q) + 1e-10).log())).argmax(-1)
            following = torch.where(x == self.mask, drawn, x)
            if not torch.equal(following, x):
                p = None
            x = following
        return self.log_p(x).argmax(-1)


class SampleAutoregression(Sampling):
    build = NetworkTask.autoregression

    def __init__(self, checkout, mode, sizes):
        super().__init__(checkout, mode, sizes)
        self.keeps = mode == "fp32-cache"
        if self.keeps:
            self.keep()

    @torch.no_grad()
    def once(self):
        x = torch.zeros((self.batch, self.length + 1), dtype=torch.long)
        noise = torch.distributions.Gumbel(0, 1).sample((self.batch, self.length, self.symbols))
        for i in range(self.length):
            with self.products():
                logits = self.following(x[:, i], i) if self.keeps else self.network(x[:, :i + 1], None)[:, -1]
            x[:, i + 1] = (logits + noise[:, i]).argmax(-1)
        return x[:, 1:]

    @torch.no_grad()
    def keep(self):
        """Allocates all keys and values, and checks that the network's output is the same when a text is read token by token."""
        room = self.batch, self.heads, self.length, self.width // self.heads
        self.keys, self.values = ([torch.zeros(room) for _ in self.network.blocks] for _ in range(2))
        cos, sin = self.network.rotary_emb(torch.empty(1, self.length, self.width))
        self.cos, self.sin = (table[0, :, 0, 0, :room[-1] // 2] for table in (cos, sin))
        text = torch.randint(0, self.mask, (self.batch, self.length))
        kept = torch.stack([self.following(text[:, i], i) for i in range(self.length)], dim=1)
        if not torch.allclose(kept, self.network(text, None), atol=1e-4):
            raise ValueError("with keys kept, models/autoregressive.py of this checkout predicts other tokens; this script does not know its blocks")

    def following(self, token, at):
        """What follows tokens [B] at a position, after those before it were given in order: log-probabilities [B, V]."""
        x = self.network.vocab_embed(token[:, None])
        for block, keys, values in zip(self.network.blocks, self.keys, self.values):
            qkv = block.attn_qkv(block.norm1(x)).view(self.batch, 1, 3, self.heads, -1)
            q, k, v = apply_rotary_emb_qkv_(qkv, self.cos[at:at + 1], self.sin[at:at + 1]).squeeze(1).unbind(1)
            keys[:, :, at], values[:, :, at] = k, v
            scores = (q * q.shape[-1] ** -0.5)[:, :, None] @ keys[:, :, :at + 1].transpose(-1, -2)
            x = x + block.attn_out((scores.softmax(-1) @ values[:, :, :at + 1]).view(self.batch, 1, self.width))
            x = x + block.mlp(block.norm2(x))
        logits = self.network.output_layer(x, None)[:, 0]
        logits[:, self.mask] = self.network.neg_infinity
        return logits.log_softmax(-1)


WORKS = {"train-mdlm": TrainDiffusion, "train-ar": TrainAutoregression, "sample-mdlm": SampleDiffusion, "sample-ar": SampleAutoregression}


def main(threads, checkout):
    torch.set_num_threads(int(threads))
    stand_in()
    try:
        for name in "dit", "autoregressive", "ema":
            load(checkout, name)
    except Exception as broken:
        fail(f"the checkout cannot be loaded: {type(broken).__name__}: {broken}")
    serve(f"mdlm on PyTorch {torch.__version__}", lambda mode, work, sizes: WORKS[work](checkout, mode, sizes))


main(*sys.argv[1:])
