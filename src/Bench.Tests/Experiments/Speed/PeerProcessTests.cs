using System.Diagnostics;
using System.Globalization;
using Bench.Experiments.Speed;
using Bench.Results;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Experiments.Speed;

/// <summary>The protocol with a peer's process, and the script of a real one.</summary>
public sealed class PeerProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_peer_is_asked_for_a_step_at_a_size_and_says_how_long_it_took()
    {
        string heard = folder["heard"];
        using var peer = PeerProcess.Start(
            Script($"echo chatter; echo ready fake 1.0; while read line; do echo \"$line\" >> {heard}; echo seconds 0.125 0.25; done"),
            Checkout(), threads: 2, Quiet, default);
        Assert.Equal("fake 1.0", peer.System);
        Assert.Equal(new PeerStep(0.125, 0.25), peer.Step(SmallCases.Training, "fp32", least: 0));
        Assert.Equal(new PeerStep(0.125, 0.25), peer.Step(SmallCases.Training, "bf16-autocast", least: 1.5));
        peer.Step(SmallCases.Sampling, "fp32-cache", least: 0.5);
        Assert.Equal(
            ["step train-mdlm-small fp32 train-mdlm 1 16 2 128 8 2 7 1 0",
                "step train-mdlm-small bf16-autocast train-mdlm 1 16 2 128 8 2 7 1 1.5",
                "step sample-ar-small fp32-cache sample-ar 1 16 2 128 8 3 7 8 0.5"],
            File.ReadAllLines(heard));
    }

    [Fact]
    public void A_peer_without_a_checkout_chooses_its_mode_and_its_notes_are_reported()
    {
        var notes = new List<string>();
        string heard = folder["heard"];
        using var peer = PeerProcess.Start(
            Script(
                $"echo ready fake 2.0; while read verb rest; do echo \"$verb $rest\" >> {heard}; case $verb in choose) echo note trying "
                    + $"two ways; echo chosen compiled-fp32;; *) echo seconds 0.5 1;; esac; done"),
            checkout: null, threads: 2, notes.Add, default);
        Assert.Equal(["compiled-fp32"], peer.Modes(SmallCases.Training).AsEnumerable());
        Assert.Equal(["peer: trying two ways"], notes);
        Assert.Equal(new PeerStep(0.5, 1), peer.Step(SmallCases.Training, "compiled-fp32", least: 0.25));
        Assert.Empty(peer.Modes(SmallCases.Training with { Method = SmallCases.Method("gamma") }));
        string types = PeerTask.HasBf16 ? "bf16" : "fp32";
        Assert.Equal(
            [$"choose train-mdlm-small {types} train-mdlm 1 16 2 128 8 2 7 1",
                "step train-mdlm-small compiled-fp32 train-mdlm 1 16 2 128 8 2 7 1 0.25"], File.ReadAllLines(heard));
    }

    [Fact]
    public void A_Python_may_be_started_through_another_program_and_gets_a_script_and_a_tuned_process()
    {
        string python = Script("echo ready $1 $2 $(echo \"$3\" | wc -l) $4 $MALLOC_TRIM_THRESHOLD_; read line; echo $GIVEN >&2; exit 1");
        using var peer = PeerProcess.Start($"env GIVEN=word {python} first", checkout: null, threads: 3, Quiet, default);
        string[] words = peer.System.Split(' ');
        Assert.Equal(["first", "-c"], words[..2]);
        Assert.InRange(int.Parse(words[2], CultureInfo.InvariantCulture), 100, 10_000); // lines of the script
        Assert.Equal("3", words[3]);
        Assert.Equal(5, words.Length);
        Assert.EndsWith("it ended with exit code 1: word.", Assert.Throws<SuiteException>(() => peer.Modes(SmallCases.Training)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_is_stopped_in_the_middle_of_an_answer_ends()
    {
        using var stop = new CancellationTokenSource();
        using var peer = PeerProcess.Start(
            Script("echo ready; while read verb rest; do echo note compiling; sleep 600; done"), checkout: null, threads: 1,
            _ => stop.Cancel(), stop.Token);
        Assert.Contains("it ended with exit code", Assert.Throws<SuiteException>(() => peer.Modes(SmallCases.Training)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_checkout_is_reported_before_anything_is_started()
    {
        var failure = Assert.Throws<SuiteException>(() => PeerProcess.Start("/nowhere/python3", folder.Path, threads: 1, Quiet, default));
        Assert.Contains("holds no models/dit.py", failure.Message, StringComparison.Ordinal);
        Assert.Contains("git clone https://github.com/kuleshov-group/mdlm", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named() =>
        Assert.Contains("/nowhere/python3 cannot be started",
            Assert.Throws<SuiteException>(() => PeerProcess.Start("/nowhere/python3", Checkout(), threads: 1, Quiet, default)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("echo 'error this Python has no PyTorch (No module named torch)'", "this Python has no PyTorch (No module named torch)")]
    [InlineData("echo 'Traceback: something' >&2; exit 3", "it ended with exit code 3: Traceback: something")]
    [InlineData("echo ready; read line; echo seconds soon", "it said that a step takes 'soon' seconds")]
    [InlineData("echo ready; read line; echo seconds 1", "it said that a step takes '1' seconds")]
    [InlineData("echo ready; read line; exit 4", "it ended with exit code 4: it said nothing")]
    public void Failures_of_a_peer_are_reported_with_advice(string program, string reason)
    {
        var failure = Assert.Throws<SuiteException>(() =>
        {
            using var peer = PeerProcess.Start(Script(program), Checkout(), threads: 1, Quiet, default);
            peer.Step(SmallCases.Training, "fp32", least: 0);
        });
        Assert.Equal($"The peer failed: {reason}.", failure.Message);
        Assert.Contains("--peer wants a Python with PyTorch", failure.Fix, StringComparison.Ordinal);
    }

    [PythonFact]
    public void A_Python_without_PyTorch_says_what_to_install()
    {
        // -S -E: nothing that was installed beside the language itself.
        string bare = Script($"exec {PythonFactAttribute.Program} -I -S \"$@\"");
        Assert.All([Checkout(), null], checkout =>
        {
            string reason = Assert.Throws<SuiteException>(() => PeerProcess.Start(bare, checkout, threads: 1, Quiet, default)).Message;
            Assert.Contains("this Python has no PyTorch", reason, StringComparison.Ordinal);
            Assert.Contains("pip install torch", reason, StringComparison.Ordinal);
        });
    }

    [PythonFact("torch")]
    public void The_script_trains_and_samples_what_a_checkout_holds()
    {
        using var peer = PeerProcess.Start(PythonFactAttribute.Program, Checkout(), threads: 1, Quiet, default);
        Assert.StartsWith("mdlm on PyTorch ", peer.System, StringComparison.Ordinal);
        ISpeedCase[] rows = [SmallCases.Training, SmallCases.Sampling, SmallCases.Training with { Method = SmallCases.Method("ar") },
            SmallCases.Sampling with { Method = SmallCases.Method("mdlm") }];
        Assert.All(rows,
            row => Assert.All(peer.Modes(row),
                mode => Assert.True(peer.Step(row, mode, least: 0) is { Seconds: > 0, ProcessorSeconds: > 0 })));
        var failure = Assert.Throws<SuiteException>(
            () => peer.Step(SmallCases.Training with { Size = SmallCases.Size with { Width = 13 } }, "no-such-mode", least: 0));
        Assert.Contains("train-mdlm-small, no-such-mode: ValueError", failure.Message, StringComparison.Ordinal);
    }

    [PythonFact("torch")]
    public void The_script_trains_and_samples_by_PyTorch_alone_with_what_it_can()
    {
        var notes = new List<string>();
        // No compiler: eager modes are measured, and one line says why the others are not.
        using var peer = PeerProcess.Start(Script($"CXX=/nowhere/g++ exec {PythonFactAttribute.Program} \"$@\""), checkout: null,
            threads: 1, notes.Add, default);
        Assert.StartsWith("PyTorch ", peer.System, StringComparison.Ordinal);
        ISpeedCase[] rows = [SmallCases.Training, SmallCases.Sampling, SmallCases.Training with { Method = SmallCases.Method("ar") },
            SmallCases.Sampling with { Method = SmallCases.Method("mdlm") }];
        Assert.All(rows, row =>
        {
            string mode = Assert.Single(peer.Modes(row));
            Assert.StartsWith("eager-", mode, StringComparison.Ordinal);
            Assert.True(peer.Step(row, mode, least: 0) is { Seconds: > 0, ProcessorSeconds: > 0 });
            Assert.Contains(notes, line => line.StartsWith($"peer: {row.Name}: {mode}, of ", StringComparison.Ordinal));
        });
        Assert.Single(notes, line => line.Contains("eager modes alone are measured", StringComparison.Ordinal));
        var refused = Assert.Throws<SuiteException>(() => peer.Step(SmallCases.Training, "no-such-mode", least: 0));
        Assert.Contains("train-mdlm-small, no-such-mode: ValueError: there is no such mode", refused.Message, StringComparison.Ordinal);
    }

    [PythonFact("torch")]
    public void Kept_keys_that_predict_other_tokens_than_the_network_are_refused()
    {
        string checkout = Checkout();
        string blocks = File.ReadAllText(Path.Combine(checkout, "models/autoregressive.py"));
        folder.Write("checkout/models/autoregressive.py", blocks.Replace("x = x + self.mlp", "x = x - self.mlp", StringComparison.Ordinal));
        using var peer = PeerProcess.Start(PythonFactAttribute.Program, checkout, threads: 1, Quiet, default);
        var failure = Assert.Throws<SuiteException>(() => peer.Step(SmallCases.Sampling, "fp32-cache", least: 0));
        Assert.Contains("with keys kept, models/autoregressive.py of this checkout predicts other tokens", failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_offers_the_tasks_of_its_repository()
    {
        Assert.Equal(new PeerTask("train-ar", Batch: 2, Calls: 1, "bf16-autocast"),
            PeerTask.Of(SmallCases.Training with { Method = SmallCases.Method("ar") }));
        Assert.Equal(["fp32", "fp32-cache"], PeerTask.Of(SmallCases.Sampling)!.Modes.AsEnumerable());
        Assert.Null(PeerTask.Of(SmallCases.Training with { Method = SmallCases.Method("gamma") }));
        Assert.Null(PeerTask.Of(SmallCases.Sampling with { Method = SmallCases.Method("bd3lm") }));
    }

    private static void Quiet(string line)
    {
        // The notes are not read.
    }

    private string Script(string body)
    {
        string path = folder.Write($"python-{Guid.NewGuid():N}", $"#!/bin/sh\n{body}\n");
        using var chmod = Process.Start("chmod", ["+x", path]);
        chmod.WaitForExit();
        return path;
    }

    // What the script asks of a checkout, and no more.
    private string Checkout()
    {
        Directory.CreateDirectory(folder["checkout/models"]);
        folder.Write("checkout/models/ema.py", """
            class ExponentialMovingAverage:
                def __init__(self, parameters, decay):
                    self.shadow = [p.clone().detach() for p in parameters]
                def update(self, parameters):
                    for s, p in zip(self.shadow, parameters):
                        s.sub_(1e-3 * (s - p.detach()))
            """);
        folder.Write("checkout/models/dit.py", """
            import einops, flash_attn, flash_attn.layers.rotary, huggingface_hub, omegaconf, torch
            class DIT(torch.nn.Module):
                def __init__(self, config, vocab_size):
                    super().__init__()
                    self.heads = config.model.n_heads
                    if config.model.hidden_size % self.heads:
                        raise ValueError("heads")
                    self.embed = torch.nn.Embedding(vocab_size, config.model.hidden_size)
                    self.qkv = torch.nn.Linear(config.model.hidden_size, 3 * config.model.hidden_size)
                    self.output_layer = torch.nn.Linear(config.model.hidden_size, vocab_size)
                def forward(self, x, sigma):
                    x = self.embed(x)
                    b, l = x.shape[:2]
                    qkv = einops.rearrange(self.qkv(x), 'b s (three h d) -> b s three h d', three=3, h=self.heads)
                    half = qkv.shape[-1] // 2
                    qkv = flash_attn.layers.rotary.apply_rotary_emb_qkv_(qkv, torch.ones(l, half, dtype=qkv.dtype), torch.zeros(l, half, dtype=qkv.dtype))
                    mixed = flash_attn.flash_attn_interface.flash_attn_varlen_qkvpacked_func(einops.rearrange(qkv, 'b s ... -> (b s) ...'), None, l, 0., causal=False)
                    return self.output_layer(einops.rearrange(mixed, '(b s) h d -> b s (h d)', b=b))
            """);
        folder.Write("checkout/models/autoregressive.py", """
            import einops, flash_attn, flash_attn.layers.rotary, torch
            class Block(torch.nn.Module):
                def __init__(self, width, heads):
                    super().__init__()
                    self.heads = heads
                    self.norm1, self.norm2 = torch.nn.LayerNorm(width), torch.nn.LayerNorm(width)
                    self.attn_qkv, self.attn_out, self.mlp = (torch.nn.Linear(width, n * width, bias=False) for n in (3, 1, 1))
                def forward(self, x, tables):
                    b, l = x.shape[:2]
                    qkv = einops.rearrange(self.attn_qkv(self.norm1(x)), 'b s (three h d) -> b s three h d', three=3, h=self.heads)
                    half = qkv.shape[-1] // 2
                    qkv = flash_attn.layers.rotary.apply_rotary_emb_qkv_(qkv, *(table[0, :, 0, 0, :half] for table in tables))
                    mixed = flash_attn.flash_attn_interface.flash_attn_varlen_qkvpacked_func(einops.rearrange(qkv, 'b s ... -> (b s) ...'), None, l, 0., causal=True)
                    x = x + self.attn_out(einops.rearrange(mixed, '(b s) h d -> b s (h d)', b=b))
                    x = x + self.mlp(self.norm2(x))
                    return x
            class Head(torch.nn.Module):
                def __init__(self, width, vocab_size):
                    super().__init__()
                    self.linear = torch.nn.Linear(width, vocab_size)
                def forward(self, x, condition):
                    return self.linear(x)
            class AR(torch.nn.Module):
                def __init__(self, config, vocab_size, mask_index):
                    super().__init__()
                    assert config.model.causal
                    self.width, self.mask_index, self.neg_infinity = config.model.hidden_size, mask_index, -1000.0
                    self.vocab_embed = torch.nn.Embedding(vocab_size, self.width)
                    self.blocks = torch.nn.ModuleList([Block(self.width, config.model.n_heads)])
                    self.output_layer = Head(self.width, vocab_size)
                    self.head_width = self.width // config.model.n_heads
                def rotary_emb(self, x):
                    angles = torch.outer(torch.arange(x.shape[1]) * 1.0, 1.0 / torch.arange(1, self.head_width + 1))
                    return tuple(table[None, :, None, None, :] for table in (angles.cos(), angles.sin()))
                def forward(self, x, sigma):
                    x = self.vocab_embed(x)
                    tables = self.rotary_emb(x)
                    for block in self.blocks:
                        x = block(x, tables)
                    x = self.output_layer(x, None)
                    x[:, :, self.mask_index] = self.neg_infinity
                    return x.log_softmax(-1)
            """);
        return folder["checkout"];
    }
}
