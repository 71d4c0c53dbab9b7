using System.Collections.Immutable;
using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>
/// Texts longer than the window of a network: the window moves on, and its first tokens are the last ones of the text so far.
/// </summary>
/// <remarks>The first window is what the generator draws by itself. The network does not see what has left the window.</remarks>
/// <param name="Window">Generates L tokens; its prompt is the beginning of the text.</param>
/// <param name="Length">Tokens in a text.</param>
/// <param name="Stride">Tokens by which the window moves, at most L: it keeps the L − stride before them.</param>
public sealed record Sliding(Generator Window, int Length, int Stride)
{
    /// <inheritdoc cref="Sliding" path="/param[@name='Length']"/>
    public int Length { get; } = Require.Positive(Length);

    /// <inheritdoc cref="Sliding" path="/param[@name='Stride']"/>
    public int Stride { get; } = Require.Within(Stride, 1, Window.Setup.Hyperschedule.Length);

    private ReadOnlySpan<int> Ending => Window.Ending.AsSpan();

    /// <summary>Draws texts; text i depends on the stream and i alone.</summary>
    /// <inheritdoc cref="Generator.Generate"/>
    public Generation Generate(int count, RandomStream draws, int first = 0, CancellationToken stop = default)
    {
        int kept = Window.Setup.Hyperschedule.Length - Stride;
        int[][] texts = [.. Enumerable.Repeat(Array.Empty<int>(), count)];
        var parts = new List<Generation>();
        for (int start = 0; start == 0 || (start + kept < Length && !texts.All(HasEnded)); start += Stride)
        {
            var part = start == 0
                ? Window.Generate(count, draws, first, stop)
                : (Window with { Prompt = Before(texts, start, first) }).Generate(count, draws.Split("window").Split((ulong)start), first,
                    stop);
            for (int row = 0; row < count; row++)
            {
                if (!HasEnded(texts[row]))
                    texts[row] = Ended([.. texts[row].AsSpan(0, Math.Min(start, texts[row].Length)), .. part.Sequences[row]]);
            }

            parts.Add(part);
        }

        return Generation.Join(parts) with { Sequences = texts };
    }

    // A text that has ended is given its ending: what would follow is not used.
    private Prompt Before(int[][] texts, int start, int first)
    {
        var prompts = new IEnumerable<int>[texts.Length];
        foreach (var (row, text) in texts.Index())
            prompts[(first + row) % prompts.Length] = HasEnded(text)
                ? Window.Ending.Take(Window.Setup.Hyperschedule.Length)
                : ImmutableArray.Create(text.AsSpan(start));
        return Prompt.Each(prompts);
    }

    private bool HasEnded(int[] text) => !Ending.IsEmpty && text.AsSpan().IndexOf(Ending) >= 0;

    private int[] Ended(int[] text)
    {
        int at = Ending.IsEmpty ? -1 : text.AsSpan().IndexOf(Ending);
        return text[..Math.Min(Length, at < 0 ? text.Length : at + Ending.Length)];
    }
}
