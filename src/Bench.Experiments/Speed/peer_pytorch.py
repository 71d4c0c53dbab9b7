"""Trains and samples MDLM's and GPT's networks as a current PyTorch does it fastest. It follows the text of peer.py; argument: <threads>.

The networks, losses and samplers are those of the suite, in tensor operators: DDiT blocks (arXiv 2212.09748, 2406.07524) with a
constant in the place of the noise level, or without modulation for autoregression; the weighted cross-entropy of masked tokens, for
which the head and the last MLP see masked positions alone; the loss of the next token; ancestral steps; token by token with keys
and values kept. Updates are clipping by the global norm, AdamW and a moving average of the weights.

A mode says how: "eager" or "compiled" (torch.compile), then the type of the products: "fp32", "autocast" (bf16 under float32
weights) or "bf16" (bf16 weights; in training beside float32 ones, which are updated), then for autoregressive sampling "4-tokens",
so many in a call of the compiled function, and "1-thread" where the others stand aside. Which is fastest depends on the case: a few
are tried.
"""
import contextlib
import ctypes
import functools
import gc
import math
import os
import signal
import time

COMPILE_SECONDS = 300  # a way that takes longer to compile is left out
TRIES, TRY_SECONDS, NEAR = 3, 0.5, 3  # what takes so many times as long at first is not tried again
SLEEF = "libsleef.so.3"
RATE, BETAS, EPS, DECAY, CLIP, AVERAGE = 1e-4, (0.9, 0.99), 1e-8, 0.01, 1.0, 0.999


def note(text):
    answer(f"note {text}")


def normalise(x, weight):
    return F.layer_norm(x, weight.shape, weight.float())


def rotate(x, cos, sin):
    """Queries or keys [B, L, H, D] by the angles of their positions, [L, 1, D/2]."""
    left, right = x.chunk(2, dim=-1)
    return torch.cat((left * cos - right * sin, right * cos + left * sin), dim=-1)


def angles(length, width):
    """Cosines and sines [L, 1, D/2]."""
    half = width // 2
    table = torch.outer(torch.arange(length).double(), 10000.0 ** (-torch.arange(half).double() / half)).float()[:, None]
    return table.cos(), table.sin()


def attend_by_products(q, k, v, causal):
    """[B, H, L, D] → [B, H, L, D]; causal is null or what is added to the scores."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    return (scores if causal is None else scores + causal).softmax(-1).to(v.dtype) @ v


def attend_by_sdpa(q, k, v, causal):
    """The same by the operator that PyTorch has for it since version 2."""
    return F.scaled_dot_product_attention(q, k, v, is_causal=causal is not None)


def attend_last(q, keys, values, hidden):
    """The last query alone, [B, H, D], to all there is room for; hidden [L] is added to the scores."""
    scores = (q * q.shape[-1] ** -0.5)[:, :, None] @ keys.transpose(-1, -2)
    return ((scores + hidden.to(q.dtype)).softmax(-1).to(values.dtype) @ values)[:, :, 0]


class Rows(torch.autograd.Function):
    """Rows of x [N, D] by their numbers [M], each once: backward looks up as well, where indexing would add atomically."""

    @staticmethod
    def forward(context, x, rows, places):
        context.save_for_backward(places)
        return x[rows]

    @staticmethod
    def backward(context, gradient):
        places, = context.saved_tensors  # [N] where a row went; M for those left out
        return torch.cat((gradient, gradient.new_zeros(1, gradient.shape[1])))[places], None, None


class Linear(torch.nn.Linear):
    """A layer that can multiply a single row by sums, which are compiled into one loop with what is around them instead of a call of BLAS."""

    by_sums = False

    def forward(self, x):
        if not self.by_sums:
            return super().forward(x)
        y = (x.flatten() * self.weight).sum(-1)
        return (y if self.bias is None else y + self.bias).view(*x.shape[:-1], -1)


class Block(torch.nn.Module):
    def __init__(self, sizes, modulated):
        super().__init__()
        d = sizes.width
        self.heads = sizes.heads
        self.norm1, self.norm2 = (torch.nn.Parameter(torch.ones(d)) for _ in range(2))
        self.qkv, self.out = Linear(d, 3 * d, bias=False), Linear(d, d, bias=False)
        self.up, self.down = Linear(d, 4 * d), Linear(4 * d, d)
        self.modulation = zeroed(Linear(sizes.condition, 6 * d)) if modulated else None

    def parts(self, condition):
        """Shift, scale and gate of the attention, then of the MLP."""
        return (0, 0, 1, 0, 0, 1) if self.modulation is None else self.modulation(condition).chunk(6, -1)

    def heads_of(self, x, shift, scale, cos, sin):
        """3 × [B, L, H, D], rotated."""
        x = normalise(x, self.norm1) * (1 + scale) + shift
        q, k, v = self.qkv(x.to(self.qkv.weight.dtype)).unflatten(-1, (3, self.heads, -1)).unbind(-3)
        cos, sin = cos.to(q.dtype), sin.to(q.dtype)
        return rotate(q, cos, sin), rotate(k, cos, sin), v

    def behind(self, x, mixed, gate1, shift2, scale2, gate2):
        """The residual stream behind the block, from that before it and the heads' values."""
        x = x + gate1 * self.out(mixed)
        y = (normalise(x, self.norm2) * (1 + scale2) + shift2).to(self.up.weight.dtype)
        return x + gate2 * self.down(F.gelu(self.up(y), approximate="tanh"))

    def forward(self, x, condition, cos, sin, attend, causal, rows=None):
        shift, scale, *parts = self.parts(condition)
        q, k, v = (y.transpose(1, 2) for y in self.heads_of(x, shift, scale, cos, sin))
        mixed = attend(q, k, v, causal).transpose(1, 2).flatten(2)
        if rows is not None:
            x, mixed = (Rows.apply(y.flatten(0, 1), *rows) for y in (x, mixed))
        return self.behind(x, mixed, *parts)


class Network(torch.nn.Module):
    """Tokens [B, L] to logits [B, L, V], or [M, V] of some rows; the mask's, which is the last, are −∞."""

    def __init__(self, sizes, causal, attend):
        super().__init__()
        d, self.attend = sizes.width, attend
        self.embedding = torch.nn.Parameter(torch.empty(sizes.symbols, d).uniform_(-d ** -0.5, d ** -0.5))
        self.blocks = torch.nn.ModuleList(Block(sizes, not causal) for _ in range(sizes.blocks))
        self.norm = torch.nn.Parameter(torch.ones(d))
        self.head = zeroed(Linear(d, sizes.symbols))
        self.modulation = None
        if not causal:
            # The 256 sinusoids of the noise level, which is 0: cosines are 1 and sines 0.
            self.constants(zero=torch.cat((torch.ones(1, 128), torch.zeros(1, 128)), dim=1))
            self.noise = torch.nn.Sequential(Linear(256, sizes.condition), torch.nn.SiLU(), Linear(sizes.condition, sizes.condition), torch.nn.SiLU())
            self.modulation = zeroed(Linear(sizes.condition, 2 * d))
        cos, sin = angles(sizes.length, d // sizes.heads)
        forbidden = torch.zeros(sizes.symbols)
        forbidden[-1] = -torch.inf
        self.constants(cos=cos, sin=sin, forbidden=forbidden, causal=torch.full((sizes.length, sizes.length), -torch.inf).triu(1) if causal else None)

    def constants(self, **tensors):
        for name, tensor in tensors.items():
            self.register_buffer(name, tensor, persistent=False)

    def lower(self):
        """Weights in bf16; the tables keep what they have."""
        for weight in self.parameters():
            weight.data = weight.data.bfloat16()

    def embed(self, tokens):
        return F.embedding(tokens, self.embedding).float()

    def condition(self):
        """[1, C], the same whatever the noise; null where there is no modulation."""
        return None if self.modulation is None else self.noise(self.zero.to(self.head.weight.dtype))

    def logits(self, x, condition):
        shift, scale = (0, 0) if condition is None else self.modulation(condition).chunk(2, -1)
        y = normalise(x, self.norm) * (1 + scale) + shift
        return self.head(y.to(self.head.weight.dtype)).float() + self.forbidden

    def forward(self, tokens, rows=None):
        x, condition = self.embed(tokens), self.condition()
        causal = None if self.causal is None else self.causal.to(self.head.weight.dtype)
        for block in self.blocks:
            x = block(x, condition, self.cos, self.sin, self.attend, causal, rows if block is self.blocks[-1] else None)
        return self.logits(x, condition)


def zeroed(layer):
    for weight in layer.parameters():
        torch.nn.init.zeros_(weight)
    return layer


class Way(Task):
    """A case, done in the way of a mode."""

    causal = False

    def __init__(self, mode, sizes, threads, attend):
        self.__dict__.update(vars(sizes))
        self.mask = self.symbols - 1
        run, self.type, *rest = mode.split("-")
        if run not in ("eager", "compiled") or self.type not in ("fp32", "autocast", "bf16"):
            raise ValueError("there is no such mode")
        self.compiled = run == "compiled"
        self.together = int(rest[rest.index("tokens") - 1]) if "tokens" in rest else 1
        self.threads = 1 if "thread" in rest else threads
        self.products = functools.partial(torch.autocast, "cpu", dtype=torch.bfloat16) if self.type == "autocast" else contextlib.nullcontext
        torch.manual_seed(1)
        torch.set_num_threads(self.threads)
        self.network = Network(sizes, self.causal, attend)
        self.prepare()

    def time(self, seconds):
        torch.set_num_threads(self.threads)
        return super().time(seconds)

    def compile(self, function, **options):
        return torch.compile(function, fullgraph=True, dynamic=False, **options) if self.compiled else function


class Training(Way):
    """Updates, on texts of random tokens."""

    def prepare(self):
        weights = list(self.network.parameters())
        averages = [weight.detach().clone() for weight in weights]
        if self.type == "bf16":
            self.network.lower()
            self.update = MasterUpdate(weights, averages, self.compiled)
        else:
            self.update = FusedUpdate(weights, averages)
        self.text = torch.randint(0, self.mask, (64 * self.batch, self.length))
        self.steps = 0
        self.loss = self.compile(self.loss)

    def once(self):
        at = self.steps % 64 * self.batch
        self.steps += 1
        given = self.draw(self.text[at:at + self.batch])
        with self.products():
            loss = self.loss(*given)
        loss.backward()
        self.update()
        return loss.item()


def clipping(gradients):
    """What gradients are multiplied by: 1, or less where their norm is above the limit."""
    norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)).float())
    return (CLIP / (norm + 1e-6)).clamp(max=1)


class FusedUpdate:
    """PyTorch's own AdamW, in one pass over memory where it has that on the processor (2.4)."""

    def __init__(self, weights, averages):
        self.weights, self.averages = weights, averages
        settings = dict(lr=RATE, betas=BETAS, eps=EPS, weight_decay=DECAY)
        try:
            self.optimiser = torch.optim.AdamW(weights, fused=True, **settings)
        except (RuntimeError, TypeError):
            self.optimiser = torch.optim.AdamW(weights, foreach=True, **settings)

    @torch.no_grad()
    def __call__(self):
        gradients = [weight.grad for weight in self.weights]
        torch._foreach_mul_(gradients, clipping(gradients).item())
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        torch._foreach_mul_(self.averages, AVERAGE)
        torch._foreach_add_(self.averages, self.weights, alpha=1 - AVERAGE)


class MasterUpdate:
    """AdamW of float32 weights beside those in bf16, a parameter in one compiled pass over memory."""

    def __init__(self, weights, averages, compiled):
        self.weights, self.averages = weights, averages
        self.masters = [average.clone() for average in averages]
        self.moments = [(torch.zeros_like(master), torch.zeros_like(master)) for master in self.masters]
        self.steps = 0
        self.pass_over = torch.compile(self.one, fullgraph=True, dynamic=True) if compiled else self.one

    @staticmethod
    def one(weight, gradient, master, first, second, average, scale, correction1, correction2):
        gradient = gradient.float() * scale
        first.lerp_(gradient, 1 - BETAS[0])
        second.mul_(BETAS[1]).addcmul_(gradient, gradient, value=1 - BETAS[1])
        master.mul_(1 - RATE * DECAY).sub_(RATE * (first / correction1) / ((second / correction2).sqrt() + EPS))
        average.lerp_(master, 1 - AVERAGE)
        weight.copy_(master)

    @torch.no_grad()
    def __call__(self):
        self.steps += 1
        gradients = [weight.grad for weight in self.weights]
        numbers = clipping(gradients), *(torch.tensor(1 - beta ** self.steps) for beta in BETAS)
        for weight, gradient, master, (first, second), average in zip(self.weights, gradients, self.masters, self.moments, self.averages):
            self.pass_over(*(tensor.detach().view(-1) for tensor in (weight, gradient, master, first, second, average)), *numbers)
            weight.grad = None


class TrainDiffusion(Training):
    def prepare(self):
        # Antithetic times leave so little to chance that eight standard deviations above the half are never reached.
        spread = math.sqrt(self.batch * self.length / 6 + self.length ** 2 / 12 / self.batch)
        self.most = min(self.batch * self.length, 32 * math.ceil((self.batch * self.length / 2 + 8 * spread) / 32))
        super().prepare()

    def draw(self, x0):
        """Noisy tokens, and of the masked positions, filled up to a number that never changes: rows, targets and weights."""
        t = (torch.rand(self.batch) + torch.arange(self.batch)) / self.batch
        masked = torch.rand(x0.shape) < t[:, None]
        rows = masked.flatten().nonzero().flatten()
        count = len(rows)
        if count > self.most:
            raise ValueError(f"{count} positions are masked, more than the {self.most} that there is room for")
        weights = torch.zeros(self.most)
        weights[:count] = (1 / t)[torch.div(rows, self.length, rounding_mode="floor")] / x0.numel()
        rows = torch.cat((rows, (~masked).flatten().nonzero().flatten()[:self.most - count]))
        places = torch.full((x0.numel(),), self.most).index_copy_(0, rows, torch.arange(self.most))
        return x0.masked_fill(masked, self.mask), rows, places, x0.flatten()[rows], weights

    def loss(self, xt, rows, places, targets, weights):
        return (F.cross_entropy(self.network(xt, (rows, places)), targets, reduction="none") * weights).sum()


class TrainAutoregression(Training):
    causal = True

    def draw(self, x0):
        return F.pad(x0, (1, 0), value=self.mask)[:, :-1], x0

    def loss(self, x, x0):
        return F.cross_entropy(self.network(x).flatten(0, 1), x0.flatten())


class Sampling(Way):
    """Generations. First weights of a head are zero: it gets others, so that what is drawn depends on the network."""

    def prepare(self):
        torch.nn.init.normal_(self.network.head.weight, std=0.1)
        self.network.eval().requires_grad_(False)
        if self.type == "bf16":
            self.network.lower()
        self.step = self.compile(self.step, options={"freezing": True})  # weights are laid out once as products want them


class SampleDiffusion(Sampling):
    def step(self, x, noise, t, dt):
        q = self.network(x).softmax(-1) * dt
        q = torch.where(torch.arange(self.symbols) == self.mask, t - dt, q)
        return torch.where(x == self.mask, (q / noise).argmax(-1), x)

    @torch.no_grad()
    def once(self):
        x = torch.full((self.batch, self.length), self.mask)
        noise = torch.empty(self.batch, self.length, self.symbols)
        for i in range(self.calls, 0, -1):
            x = self.step(x, noise.exponential_(), torch.tensor(i / self.calls), torch.tensor(1 / self.calls))
        return x


class SampleAutoregression(Sampling):
    causal = True

    def prepare(self):
        super().prepare()
        for layer in self.network.modules():
            if isinstance(layer, Linear):
                layer.by_sums = self.compiled and self.batch == 1
        kind = self.network.head.weight.dtype
        room = self.batch, self.heads, self.length, self.width // self.heads
        self.kept = [(torch.zeros(room, dtype=kind), torch.zeros(room, dtype=kind)) for _ in self.network.blocks]

    def following(self, token, at, kept):
        """Logits [B, V] of what follows tokens [B] at a position [1], where those before it were given in order."""
        x = self.network.embed(token)[:, None]
        hidden = torch.where(torch.arange(self.length) <= at, 0.0, -torch.inf)
        cos, sin = self.network.cos[at], self.network.sin[at]
        for block, (keys, values) in zip(self.network.blocks, kept):
            q, k, v = block.heads_of(x, 0, 0, cos, sin)
            keys.index_copy_(2, at, k.transpose(1, 2))
            values.index_copy_(2, at, v.transpose(1, 2))
            mixed = attend_last(q[:, 0], keys, values, hidden)
            x = block.behind(x, mixed.flatten(1)[:, None], 1, 0, 0, 1)
        return self.network.logits(x, None)[:, 0]

    def step(self, token, at, noise, kept):
        tokens = []
        for i in range(self.together):
            token = (self.following(token, at + i, kept) - noise[i].log()).argmax(-1)
            tokens.append(token)
        return torch.stack(tokens)

    @torch.no_grad()
    def once(self):
        noise = torch.empty(self.length, self.batch, self.symbols).exponential_()
        token, tokens = torch.full((self.batch,), self.mask), []
        for i in range(0, self.length, self.together):
            tokens.append(self.step(token, torch.tensor([i]), noise[i:i + self.together], self.kept))
            token = tokens[-1][-1]
        return torch.cat(tokens).T


WORKS = {"train-mdlm": TrainDiffusion, "train-ar": TrainAutoregression, "sample-mdlm": SampleDiffusion, "sample-ar": SampleAutoregression}


def modes(types, work, sizes):
    """Those to try; eager ones first, which go everywhere."""
    fast = types == "bf16"
    if work.startswith("train"):
        return ["eager-autocast", "compiled-autocast", "compiled-bf16"] if fast else ["eager-fp32", "compiled-fp32"]
    if work == "sample-mdlm":
        return ["eager-fp32", *["eager-bf16"] * fast, "compiled-fp32", *["compiled-bf16"] * fast]
    threads = "-1-thread" if sizes.batch == 1 else ""  # a single text has no work for more
    return ["eager-fp32", *[f"compiled-bf16{threads}"] * fast, f"compiled-fp32{threads}", "compiled-fp32-4-tokens-1-thread", *["compiled-fp32-4-tokens"] * (sizes.batch > 1)]


def seconds_of(function, *arguments):
    """Of the fastest of three calls behind the first."""
    function(*arguments)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)


@functools.lru_cache(maxsize=None)
def attention(batch, heads, length, width, low, causal, trains):
    """The faster kind at a shape."""
    if not hasattr(F, "scaled_dot_product_attention"):
        return attend_by_products
    kind = torch.bfloat16 if low else torch.float32
    q, k, v = (torch.randn(batch, heads, length, width, dtype=kind, requires_grad=trains) for _ in range(3))
    mask = torch.full((length, length), -torch.inf, dtype=kind).triu(1) if causal else None

    def both(attend):
        mixed = attend(q, k, v, mask)
        if trains:
            mixed.sum().backward()

    return min((attend_by_sdpa, attend_by_products), key=functools.partial(seconds_of, both))


class TooLong(Exception):
    pass


@contextlib.contextmanager
def at_most(seconds):
    """Ends what takes longer by an exception."""
    def end(*_):
        raise TooLong(f"it took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def first_line(broken):
    """What went wrong, in one line; some only begin in it."""
    lines = [line.strip() for line in str(broken).splitlines() if line.strip()] or ["without a message"]
    return f"{type(broken).__name__}: {' '.join(lines[:2 if lines[0].endswith(':') else 1])[:300]}"


@functools.lru_cache(maxsize=None)
def compiles():
    """Whether torch.compile goes; says why not, and when what it makes is slow."""
    if not hasattr(torch, "compile"):
        note(f"PyTorch {torch.__version__} has no torch.compile, which came with 2.0: eager modes alone are measured")
        return False
    note("trying torch.compile")
    with contextlib.suppress(OSError):
        # Where SLEEF is a library of its own (Debian), compiled functions do not find it unless it is in the process already, nor does the child that tries the instruction set.
        ctypes.CDLL(SLEEF, mode=ctypes.RTLD_GLOBAL)
        os.environ["LD_PRELOAD"] = f"{SLEEF} {os.environ.get('LD_PRELOAD', '')}".strip()
    try:
        from torch._dynamo import config
        for limit in "cache_size_limit", "recompile_limit", "accumulated_cache_size_limit", "accumulated_recompile_limit":
            if hasattr(config, limit):
                setattr(config, limit, 10_000)  # all cases are made by the same functions
        with at_most(COMPILE_SECONDS):
            torch.compile(lambda x: x.exp() + 1, fullgraph=True)(torch.ones(64))
    except Exception as broken:
        note(f"torch.compile fails here ({first_line(broken)}): eager modes alone are measured; it needs a C++ compiler such as g++, and the headers of PyTorch and Python")
        return False
    with contextlib.suppress(Exception):
        from torch._inductor.cpu_vec_isa import pick_vec_isa
        if not pick_vec_isa():
            note("what torch.compile makes here uses no vector instructions; on Debian install libsleef-dev")
    return True


def make(mode, work, sizes, threads):
    kind = WORKS[work]
    torch.set_num_threads(threads)
    shape = sizes.batch, sizes.heads, sizes.length, sizes.width // sizes.heads
    attend = attention(*shape, "fp32" not in mode, kind.causal, issubclass(kind, Training)) if work != "sample-ar" else None
    return kind(mode, sizes, threads, attend)


def choose(case, types, work, sizes, threads):
    """The fastest mode and its task. What it takes to compile is not counted."""
    ways, took = {}, {}
    for mode in modes(types, work, sizes):
        together = mode.split("-tokens")[0].rsplit("-", 1)[-1]
        if mode.startswith("compiled") and not compiles() or "-tokens" in mode and sizes.length % int(together):
            continue
        start = time.perf_counter()
        try:
            with at_most(COMPILE_SECONDS):
                way = make(mode, work, sizes, threads)
                way.time(0)
            note(f"{case}, {mode}: ready after {time.perf_counter() - start:.0f} s")
            took[mode] = [way.time(0)[0]]
            ways[mode] = way
        except Exception as broken:
            note(f"{case}, {mode}: left out ({first_line(broken)})")
    if not ways:
        raise ValueError("none of the ways goes; see the notes above")
    near = [mode for mode in ways if took[mode][0] <= NEAR * min(map(min, took.values()))]
    for _ in range(TRIES):
        for mode in near:
            took[mode].append(ways[mode].time(TRY_SECONDS)[0])
    speed = {mode: sizes.batch * sizes.length / min(times) for mode, times in took.items()}
    best = max(speed, key=speed.get)
    note(f"{case}: {best}, of " + ", ".join(f"{mode} {tokens:,.0f}" for mode, tokens in speed.items()) + " tokens/s")
    way = ways[best]
    del ways
    gc.collect()
    return best, way


def main(threads):
    threads = int(threads)
    serve(f"PyTorch {torch.__version__}", functools.partial(make, threads=threads), functools.partial(choose, threads=threads))


main(*sys.argv[1:])
