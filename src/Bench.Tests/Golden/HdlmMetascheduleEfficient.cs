using Bench.Hyperschedules;
using Bench.Reference.Hyperschedules;

namespace Bench.Tests.Golden;

/// <summary>The levels of the authors' doubled training pass, from the steps that were drawn.</summary>
public sealed class HdlmMetascheduleEfficient : IGoldenFamily
{
    public string Family => "hdlm_metaschedule_efficient";

    public string? Check(GoldenCase golden)
    {
        var (width, depth, length) = (golden.Count("width"), golden.Count("tau"), golden.Count("seq_len"));
        var draws = GoldenDraw.All(golden);
        if (golden.Function == "get_block_annealing_efficient")
        {
            // Without sampling all blocks are at the step that the first one is at in its own.
            bool each = golden.Has("sampling");
            int[] steps = [.. draws.Select((draw, block) => (int)draw.Integers((block * depth) + 1, ((block + 1) * depth) + 1).Single())];
            if (!each)
                steps = [.. Enumerable.Range(0, length / width).Select(block => steps[0] + (block * depth))];
            var blocks = ReleasedPicks.Block(width, depth, steps);
            golden.Only("seq_len", length == blocks.Levels.Length, "a multiple of the width, with a draw for each block");
            golden.Expected.Match("steps", each ? steps.Select(step => (long)step) : steps.Select(_ => (long)steps[0]));
            golden.Expected.Match("states", blocks.Levels.Select(level => (long)level));
            return null;
        }

        var path = ReleasedAnnealing.Slide(width, depth);
        var picks = ReleasedPicks.Slide(path, length, (int)draws.Single().Integers(1, path.Width + 1).Single());
        golden.Expected.Match("states", picks.Levels.Select(level => (long)level));
        golden.Expected.Match("steps", picks.Spans.SelectMany(span => new long[] { span.Start, span.End }));
        return null;
    }
}
