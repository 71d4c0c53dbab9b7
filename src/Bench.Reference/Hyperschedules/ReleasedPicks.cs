using System.Collections.Immutable;
using Bench.Hyperschedules;
using Bench.Numerics;

namespace Bench.Reference.Hyperschedules;

/// <summary>Levels at which the authors' doubled training pass puts all positions at once (HDLM, arXiv 2504.06416).</summary>
/// <param name="Levels">By position.</param>
/// <param name="Spans">Start and end of the runs of positions that are at one step.</param>
public sealed record ReleasedPicks(ImmutableArray<int> Levels, ImmutableArray<(int Start, int End)> Spans)
{
    /// <summary>Every block at a step of its own.</summary>
    /// <param name="width">ω.</param>
    /// <param name="depth">K.</param>
    /// <param name="steps">The step of each block, in its range of K: block b's begins with step b·K + 1.</param>
    public static ReleasedPicks Block(int width, int depth, IReadOnlyList<int> steps)
    {
        Require.Positive(width);
        return new(
            [.. steps.SelectMany((step, block) => Enumerable.Repeat(depth - 1 - Require.Index(step - 1 - (block * depth), depth), width))],
            [.. steps.Select((_, block) => (block * width, (block + 1) * width))]);
    }

    /// <summary>
    /// The window of a step that fills it, and then again and again the next ω positions: as one later step shows them, or, where none
    /// covers them all, piece by piece from the earliest steps that show their first positions.
    /// </summary>
    /// <param name="path">A slide.</param>
    /// <param name="length">L.</param>
    /// <param name="first">From 1 to ω.</param>
    public static ReleasedPicks Slide(ReleasedAnnealing path, int length, int first)
    {
        var (levels, spans) = (new List<int>(), new List<(int, int)>());
        int step = Require.Within(first, 1, path.Width);
        Take(Math.Min(length, End(step)));
        while (levels.Count < length)
        {
            int goal = Math.Min(length, levels.Count + path.Width), whole = Reaching(goal);
            if (path.SettledAt(whole) <= levels.Count)
            {
                step = whole;
                Take(goal);
            }

            while (levels.Count < goal)
            {
                step = Reaching(levels.Count + 1);
                Take(Math.Min(goal, End(step)));
            }
        }

        return new([.. levels], [.. spans]);

        int End(int of) => path.SettledAt(of) + path.WindowAt(of).Length;

        // The earliest step, from the current one on, whose window goes so far.
        int Reaching(int position)
        {
            int at = step;
            while (End(at) < position)
                at++;
            return at;
        }

        void Take(int end)
        {
            spans.Add((levels.Count, end));
            levels.AddRange(path.LevelsAt(step, end)[levels.Count..]);
        }
    }
}
