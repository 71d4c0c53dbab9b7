using System.Collections.Immutable;
using System.Text.Json;
using Bench.Hyperschedules.Released;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>The authors' tables of levels.</summary>
public sealed class HdlmMetaschedule : IGoldenFamily
{
    public string Family => "hdlm_metaschedule";

    /// <summary>The schedule that a file names by kind, width and depth.</summary>
    public static IReleasedSchedule Of(GoldenCase golden)
    {
        int width = golden.Count("width");
        int depth = golden.Inputs.GetProperty("tau") is { ValueKind: JsonValueKind.Number } tau ? tau.GetInt32() : width;
        int padding = golden.Inputs.TryGetProperty("condition_padding", out var prompt) ? prompt.GetInt32() : 0;
        return golden.Inputs.GetProperty("kind").GetString() switch
        {
            "simple" => Padded(ReleasedAnnealing.Slide(width, depth)),
            "block" => Padded(ReleasedAnnealing.Block(width, depth)),
            "hybrid" => new ReleasedBlockSlide(width, depth, golden.Count("seq_len")),
            var kind => throw new NotSupportedException($"no schedule called {kind}"),
        };

        ReleasedAnnealing Padded(ReleasedAnnealing path) => path.After(padding);
    }

    public string? Check(GoldenCase golden)
    {
        if (golden.Expected.TryGetProperty("raises", out _))
        {
            Assert.ThrowsAny<ArgumentException>(() => Of(golden));
            return null;
        }

        var path = Of(golden);
        int length = golden.Count("seq_len");
        foreach (var property in golden.Expected.EnumerateObject())
        {
            if (property.Name == "steps")
                CheckSteps(path, length, property.Value);
            else
                Close.Assert(GoldenCase.Numbers(property.Value), Numbers(path, length, property.Name), 0, property.Name);
        }

        return null;
    }

    private static void CheckSteps(IReleasedSchedule path, int length, JsonElement steps)
    {
        foreach (var row in steps.EnumerateArray())
        {
            int step = row.GetProperty("t").GetInt32();
            Assert.Equal(row.GetProperty("num_settled").GetInt32(), path.SettledAt(step));
            Assert.Equal(GoldenCase.Integers(row.GetProperty("vector")), path.LevelsAt(step, length).Select(level => (long)level));
            if (row.TryGetProperty("relevant", out var window))
                Assert.Equal(GoldenCase.Integers(window), ((ReleasedAnnealing)path).WindowAt(step).Select(level => (long)level));
        }
    }

    private static double[] Numbers(IReleasedSchedule path, int length, string name) => (path, name) switch
    {
        (_, "worthless") => [path.Worthless],
        (_, "max_step") => [path.EndOf(length)],
        (ReleasedAnnealing window, "width") => [window.Width],
        (ReleasedAnnealing window, "main_steps") => Flat(window.Looped),
        (ReleasedAnnealing window, "shifts") => Flat([window.Shifts]),
        (ReleasedAnnealing window, "bootstrap_steps") => Flat(window.Filling),
        (ReleasedAnnealing window, "bootstrap_shifts") => [.. Enumerable.Range(1, window.Filling.Length + 1).Select(step => (double)window.SettledAt(step))],
        (ReleasedAnnealing window, "all_tau_present") => [Flat(window.Looped).Distinct().Count() == window.Worthless ? 1 : 0],
        (ReleasedBlockSlide blocks, "width") => [blocks.Width],
        (ReleasedBlockSlide blocks, "steps_per_block") => [blocks.StepsPerBlock],
        (ReleasedBlockSlide blocks, "total_steps") => [blocks.EndOf(length) - 1],
        (ReleasedBlockSlide blocks, "block_sizes") => [.. Enumerable.Range(0, blocks.Blocks).Select(block => (double)Math.Min(blocks.Width, length - (block * blocks.Width)))],
        _ => throw new NotSupportedException($"nothing called {name}"),
    };

    private static double[] Flat(ImmutableArray<ImmutableArray<int>> rows) => [.. rows.SelectMany(row => row.Select(level => (double)level))];
}
