using Bench.Data.Tokenizers;
using Bench.Kernels;
using Bench.Numerics;
using Bench.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Pretrained.Scorers;

/// <summary>A pretrained causal network as a scorer of texts: −ln p of a text's tokens, each given those before it in its window.</summary>
public sealed class CausalScorer : ITextScorer, IDisposable
{
    private readonly ICausalNetwork network;
    private readonly ITokenizer tokenizer;
    private readonly Device device;

    /// <summary>Puts a network and its tokenizer together.</summary>
    /// <param name="name">The scorer's name.</param>
    /// <param name="network">The network; it goes with the scorer.</param>
    /// <param name="tokenizer">Its tokenizer, whose separator is the mark that the network knows texts to start with.</param>
    /// <param name="first">What the first token is predicted from.</param>
    /// <param name="stride">Of the windows over texts that are longer than the network's context; null for half of that.</param>
    public CausalScorer(
        string name, ICausalNetwork network, ITokenizer tokenizer, FirstToken first = FirstToken.BehindMark, int? stride = null)
    {
        if (network.TokenCount != tokenizer.Vocabulary.TokenCount)
            throw new ArgumentException(
                $"a network of {network.TokenCount} tokens cannot read a tokenizer's {tokenizer.Vocabulary.TokenCount}", nameof(tokenizer));
        (Name, this.network, this.tokenizer, First) = (name, network, tokenizer, first);
        Windows = new(network.Context, stride ?? Math.Max(1, network.Context / 2));
        device = network.Output.device;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>What the first token is predicted from.</summary>
    public FirstToken First { get; }

    /// <summary>How longer texts are cut.</summary>
    public Windows Windows { get; }

    /// <summary>What is computed, as text for a report.</summary>
    public string Protocol =>
        $"{tokenizer.Name} tokens, windows of {Windows.Context} by {Windows.Stride}, first token " +
            $"{(First == FirstToken.Given ? "given" : "behind the mark")}";

    /// <inheritdoc/>
    public TextLikelihood Of(string text)
    {
        int[] tokens = tokenizer.Encode(text);
        long[] sequence = [.. First == FirstToken.BehindMark ? [(long)tokenizer.Separator] : Array.Empty<long>(), .. tokens];
        double nats = Windows.Over(sequence.Length).Sum(window => Nats(sequence, window));
        return new(nats, Math.Max(0, sequence.Length - 1), text.EnumerateRunes().Count());
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => network.Dispose();

    private double Nats(long[] sequence, Window window)
    {
        using var scope = NewDisposeScope();
        var tokens = tensor(sequence[window.Start..window.End], [1, window.End - window.Start]).On(device);
        return NextTokenNats.Of(network, tokens, window.From - window.Start).sum(float64).ToDouble();
    }
}

/// <summary>Cuts a sequence into windows that a network can read, each predicting what the windows before it did not.</summary>
/// <param name="Context">The most tokens that a token is predicted from: what the network reads at once.</param>
/// <param name="Stride">How many tokens a window predicts, the first excepted, which predicts all of its own.</param>
/// <remarks>
/// Behind the first window every token is predicted from at least Context − Stride + 1 before it; the last window is as long as the others.
/// </remarks>
public sealed record Windows(int Context, int Stride)
{
    /// <summary>The most tokens that a token is predicted from.</summary>
    public int Context { get; } = Require.Positive(Context);

    /// <summary>How many tokens a window predicts.</summary>
    public int Stride { get; } = Require.Within(Stride, 1, Context);

    /// <summary>The windows over a sequence; none where nothing can be predicted.</summary>
    /// <param name="length">Its tokens.</param>
    public IEnumerable<Window> Over(int length)
    {
        for (int from = 1; from < length;)
        {
            int end = Math.Min(length, from == 1 ? Context + 1 : from + Stride);
            yield return new(Math.Max(0, end - Context - 1), from, end);
            from = end;
        }
    }
}

/// <summary>What a text's first token is predicted from.</summary>
public enum FirstToken
{
    /// <summary>The mark that stands between texts: every token is predicted.</summary>
    BehindMark,

    /// <summary>
    /// Nothing: it is read but not predicted, as generative perplexity is computed by MDLM (arXiv 2406.07524) and its successors.
    /// </summary>
    Given,
}

/// <summary>A stretch of a sequence: tokens from Start are read, those from From to End, which is excluded, are predicted.</summary>
public readonly record struct Window(int Start, int From, int End);

/// <summary>−ln p(x_i | x_0 ... x_{i−1}) under a causal network.</summary>
public static class NextTokenNats
{
    private const int RowsAtOnce = 128; // of logits: V is in the ten thousands

    /// <summary>Predicts the tokens of a sequence from those before them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tokens">[B, L] int64, L at most the network's context + 1: the last token is only predicted.</param>
    /// <param name="from">The first token that is predicted, 1 or later; those before it are only read.</param>
    /// <returns>[B, L − from] nats.</returns>
    public static Tensor Of(ICausalNetwork network, Tensor tokens, int from = 1)
    {
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        long length = tokens.size(1), predicted = length - from;
        var hidden = network.Hidden(tokens.narrow(1, 0, length - 1)).narrow(1, from - 1, predicted).flatten(0, 1); // [B·P, D]
        var targets = tokens.narrow(1, from, predicted).reshape(-1, 1);                                             // [B·P, 1]
        var parts = new List<Tensor>();
        for (long row = 0; row < hidden.size(0); row += RowsAtOnce)
            parts.Add(Part(row, Math.Min(RowsAtOnce, hidden.size(0) - row)));
        return cat(parts).view(tokens.size(0), predicted).MoveToOuterDisposeScope();

        Tensor Part(long first, long count)
        {
            using var inner = NewDisposeScope();
            var logits = hidden.narrow(0, first, count).matmul(network.Output.transpose(0, 1)); // [count, V]
            var chosen = logits.gather(1, targets.narrow(0, first, count)).squeeze(1);
            return (logits.logsumexp(1) - chosen).MoveToOuterDisposeScope();
        }
    }
}
