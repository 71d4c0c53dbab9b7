using Bench.Numerics;

namespace Bench.Evaluation.Outside;

/// <summary>Cuts a sequence into windows that a network can read, each predicting what the windows before it did not.</summary>
/// <param name="Context">The most tokens that a token is predicted from: what the network reads at once.</param>
/// <param name="Stride">How many tokens a window predicts, the first excepted, which predicts all of its own.</param>
/// <remarks>Behind the first window every token is predicted from at least Context − Stride + 1 before it; the last window is as long as the others.</remarks>
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
