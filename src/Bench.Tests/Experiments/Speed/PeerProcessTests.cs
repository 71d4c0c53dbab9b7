using System.Diagnostics;
using Bench.Experiments.Speed;
using Bench.Results;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Experiments.Speed;

/// <summary>The talk with a peer's process, and the script that a real one runs.</summary>
public sealed class PeerProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_peer_is_asked_for_a_step_at_a_size_and_says_how_long_it_took()
    {
        string heard = folder["heard"];
        using var peer = PeerProcess.Start(Script($"echo chatter; echo ready fake 1.0; while read line; do echo \"$line\" >> {heard}; echo seconds 0.125 0.25; done"), Checkout(), threads: 2);
        Assert.Equal("mdlm on fake 1.0", peer.System);
        Assert.Equal(new PeerStep(0.125, 0.25), peer.Step(SmallCases.Training, "fp32", least: 0));
        Assert.Equal(new PeerStep(0.125, 0.25), peer.Step(SmallCases.Training, "bf16-autocast", least: 1.5));
        Assert.Equal(["step train-mdlm-small fp32 1 16 2 128 8 2 7 0", "step train-mdlm-small bf16-autocast 1 16 2 128 8 2 7 1.5"], File.ReadAllLines(heard));
    }

    [Fact]
    public void A_folder_that_is_no_checkout_is_told_before_anything_is_started()
    {
        var told = Assert.Throws<SuiteException>(() => PeerProcess.Start("/nowhere/python3", folder.Path, threads: 1));
        Assert.Contains("holds no models/dit.py", told.Message, StringComparison.Ordinal);
        Assert.Contains("git clone https://github.com/kuleshov-group/mdlm", told.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named() =>
        Assert.Contains("/nowhere/python3 cannot be started", Assert.Throws<SuiteException>(() => PeerProcess.Start("/nowhere/python3", Checkout(), threads: 1)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("echo 'error this Python has no PyTorch (No module named torch)'", "this Python has no PyTorch (No module named torch)")]
    [InlineData("echo 'Traceback: something' >&2; exit 3", "it ended with exit code 3: Traceback: something")]
    [InlineData("echo ready; read line; echo seconds soon", "it said that a step takes 'soon' seconds")]
    [InlineData("echo ready; read line; echo seconds 1", "it said that a step takes '1' seconds")]
    [InlineData("echo ready; read line; exit 4", "it ended with exit code 4: it said nothing")]
    public void What_a_peer_fails_by_is_told_with_what_to_do(string program, string reason)
    {
        var told = Assert.Throws<SuiteException>(() =>
        {
            using var peer = PeerProcess.Start(Script(program), Checkout(), threads: 1);
            peer.Step(SmallCases.Training, "fp32", least: 0);
        });
        Assert.Equal($"The peer failed: {reason}.", told.Message);
        Assert.Contains("--peer wants a Python with PyTorch", told.Fix, StringComparison.Ordinal);
    }

    [PythonFact]
    public void A_Python_without_PyTorch_says_what_to_install()
    {
        // -S -E: nothing that was installed beside the language itself.
        string bare = Script($"exec {PythonFactAttribute.Program} -I -S \"$@\"");
        string reason = Assert.Throws<SuiteException>(() => PeerProcess.Start(bare, Checkout(), threads: 1)).Message;
        Assert.Contains("this Python has no PyTorch", reason, StringComparison.Ordinal);
        Assert.Contains("pip install torch", reason, StringComparison.Ordinal);
    }

    [PythonFact("torch")]
    public void The_step_of_the_script_trains_what_a_checkout_holds()
    {
        using var peer = PeerProcess.Start(PythonFactAttribute.Program, Checkout(), threads: 1);
        Assert.StartsWith("mdlm on PyTorch ", peer.System, StringComparison.Ordinal);
        Assert.All(peer.Modes, mode => Assert.True(peer.Step(SmallCases.Training, mode, least: 0) is { Seconds: > 0, ProcessorSeconds: > 0 }));
        var told = Assert.Throws<SuiteException>(() => peer.Step(SmallCases.Training with { Size = SmallCases.Size with { Width = 13 } }, "no-such-mode", least: 0));
        Assert.Contains("train-mdlm-small, no-such-mode: ValueError", told.Message, StringComparison.Ordinal);
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
                    self.head = torch.nn.Linear(config.model.hidden_size, vocab_size)
                def forward(self, x, sigma):
                    x = self.embed(x)
                    b, l = x.shape[:2]
                    qkv = einops.rearrange(self.qkv(x), 'b s (three h d) -> b s three h d', three=3, h=self.heads)
                    half = qkv.shape[-1] // 2
                    qkv = flash_attn.layers.rotary.apply_rotary_emb_qkv_(qkv, torch.ones(l, half, dtype=qkv.dtype), torch.zeros(l, half, dtype=qkv.dtype))
                    mixed = flash_attn.flash_attn_interface.flash_attn_varlen_qkvpacked_func(einops.rearrange(qkv, 'b s ... -> (b s) ...'), None, l, 0., causal=False)
                    return self.head(einops.rearrange(mixed, '(b s) h d -> b s (h d)', b=b))
            """);
        return folder["checkout"];
    }
}
