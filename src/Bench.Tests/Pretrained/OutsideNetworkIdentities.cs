using Bench.Data.Safetensors;
using Bench.Pretrained;
using Bench.Pretrained.Scorers;
using Bench.Results;
using Bench.Tests.Data;
using Bench.Tests.Kernels;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Pretrained;

/// <summary>Identities of every causal network; each agrees with its definition written out in loops.</summary>
public sealed class OutsideNetworkIdentities : IDisposable
{
    private static readonly long[] Tokens = [3, 1, 4, 1, 5, 9, 2];
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Networks => ["gpt2", "gpt2 with a prefix", "gpt2 with an output layer", "llama"];

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Networks))]
    public void Logits_are_those_of_plain_loops(string kind)
    {
        using var scope = NewDisposeScope();
        var (network, plain) = Of(kind);
        using var _ = network;
        var logits = network.Hidden(tensor(Tokens, [1, Tokens.Length])).matmul(network.Output.transpose(0, 1));
        TensorAssert.Close([.. plain(Tokens).SelectMany(row => row)], logits.flatten(), 1e-9);
    }

    [Theory, MemberData(nameof(Networks))]
    public void A_hidden_state_does_not_know_what_comes_after_it(string kind)
    {
        using var scope = NewDisposeScope();
        using var network = Of(kind).Network;
        var whole = network.Hidden(tensor(Tokens, [1, Tokens.Length]));
        for (int i = 1; i < Tokens.Length; i++)
        {
            long[] changed = [.. Tokens];
            changed[i] = (changed[i] + 1) % 10;
            var other = network.Hidden(tensor(changed, [1, Tokens.Length]));
            Assert.True(allclose(whole.narrow(1, 0, i), other.narrow(1, 0, i), 1e-12, 1e-12));
            Assert.False(allclose(whole.narrow(1, i, 1), other.narrow(1, i, 1), 1e-6, 1e-6));
            Assert.True(allclose(whole.narrow(1, 0, i), network.Hidden(tensor(Tokens[..i], [1, i])), 1e-12, 1e-12));
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void A_sequence_is_scored_alike_alone_and_in_a_batch(string kind)
    {
        using var scope = NewDisposeScope();
        using var network = Of(kind).Network;
        const int Rows = 40; // more of them than logits are computed at once
        var batch = tensor(
            [.. Enumerable.Range(0, Rows).SelectMany(row => Tokens.Select(token => (token + row) % 10))], [Rows, Tokens.Length]);
        var together = NextTokenNats.Of(network, batch);
        Assert.Equal([Rows, Tokens.Length - 1], together.shape);
        for (int row = 0; row < Rows; row++)
            Assert.True(allclose(together.narrow(0, row, 1), NextTokenNats.Of(network, batch.narrow(0, row, 1)), 1e-12, 1e-12));
    }

    [Theory, MemberData(nameof(Networks))]
    public void Nats_are_of_the_tokens_asked_for_the_last_one_beyond_the_context(string kind)
    {
        using var scope = NewDisposeScope();
        var (network, plain) = Of(kind);
        using var _ = network;
        long[] longest = [.. Tokens, 6, 5];
        Assert.Equal(network.Context + 1, longest.Length);
        var expected = Plain.Nats(plain(longest[..^1]), longest);
        TensorAssert.Close(expected, NextTokenNats.Of(network, tensor(longest, [1, longest.Length])).flatten(), 1e-9);
        TensorAssert.Close(expected[3..], NextTokenNats.Of(network, tensor(longest, [1, longest.Length]), from: 4).flatten(), 1e-9);
    }

    [Theory]
    [InlineData(0, 25, "width")]
    [InlineData(3, 7, "width")]
    [InlineData(4, 1, "2 heads but 1 of keys")]
    [InlineData(5, -10, "width")]
    [InlineData(5, 11, "take")]
    public void A_llama2_c_header_that_does_not_fit_is_refused(int field, int value, string expected)
    {
        byte[] file = new PlainLlama(10, 8).File;
        BitConverter.GetBytes(value).CopyTo(file, field * 4);
        var error = Assert.Throws<SuiteException>(() => Llama.Read(file, "tiny"));
        Assert.StartsWith("tiny is no llama2.c network", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Throws<SuiteException>(() => Llama.Read(file.AsSpan(0, 20), "tiny"));
    }

    private (ICausalNetwork Network, Func<long[], double[][]> Plain) Of(string kind)
    {
        if (kind == "llama")
        {
            var llama = new PlainLlama(tokenCount: 10, context: 8);
            return (Llama.Read(llama.File, "tiny", type: float64), llama.Logits);
        }
        var plain = PlainGpt2.Random(tokenCount: 10, positions: 8, ownHead: kind == "gpt2 with an output layer");
        string prefix = kind == "gpt2" ? "" : "transformer.";
        using var file = SafetensorsFile.Open(TinySafetensors.Write(
            folder["tiny.safetensors"],
            plain.Weights.Select(
                weight => (weight.Name == Gpt2Shape.Head ? weight.Name : prefix + weight.Name, weight.Shape, weight.Values))));
        var problems = new List<Problem>();
        var shape = Gpt2Shape.Of(file, "scorer", problems);
        Assert.Empty(problems);
        return (Gpt2.Load(file, shape!, type: float64), plain.Logits);
    }
}
