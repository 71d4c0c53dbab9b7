using Bench.Hyperschedules;

namespace Bench.Tests.Golden;

/// <summary>The hyperschedule that a sampler's file names in its inputs.</summary>
internal static class Windows
{
    public static ReleasedAnnealing Of(GoldenCase golden)
    {
        var named = golden.Inputs.GetProperty("metaschedule");
        int width = named.GetProperty("width").GetInt32(), depth = named.GetProperty("tau").GetInt32();
        return named.GetProperty("kind").GetString() switch
        {
            "block" => ReleasedAnnealing.Block(width, depth),
            "simple" => ReleasedAnnealing.Slide(width, depth),
            var kind => throw new NotSupportedException($"no window called {kind}"),
        };
    }
}
