using Bench.Hyperschedules.Released;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>The levels of the authors' doubled training pass, from the steps that were drawn.</summary>
public sealed class HdlmMetascheduleEfficient : IGoldenFamily
{
    public string Family => "hdlm_metaschedule_efficient";

    public string? Check(GoldenCase golden)
    {
        var (width, depth, length) = (golden.Count("width"), golden.Count("tau"), golden.Count("seq_len"));
        int[] draws = [.. golden.Inputs.GetProperty("draws").EnumerateArray().Select(draw => draw.GetProperty("values").GetInt32())];
        long[] states = GoldenCase.Integers(golden.Expected.GetProperty("states")), steps = GoldenCase.Integers(golden.Expected.GetProperty("steps"));
        if (golden.Function == "get_block_annealing_efficient")
        {
            Assert.Equal(steps, draws.Select(draw => (long)draw));
            Assert.Equal(states, ReleasedPicks.Block(width, depth, draws).Levels.Select(level => (long)level));
            return null;
        }

        var picks = ReleasedPicks.Slide(ReleasedAnnealing.Slide(width, depth), length, draws.Single());
        Assert.Equal(states, picks.Levels.Select(level => (long)level));
        Assert.Equal(steps, picks.Spans.SelectMany(span => new long[] { span.Start, span.End }));
        return null;
    }
}
