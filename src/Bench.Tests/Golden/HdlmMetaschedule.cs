using System.Collections.Immutable;
using Bench.Hyperschedules;
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
        int depth = (int?)golden.Inputs.GetProperty("tau").NumberOrNull() ?? width;
        int padding = golden.Inputs.TryGetProperty("condition_padding", out var prompt) ? prompt.GetInt32() : 0;
        return golden.Text("kind") switch
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
        if (golden.Expected.Has("raises"))
        {
            int size = golden.Count("seq_len");
            Assert.ThrowsAny<ArgumentException>(() => Of(golden));
            // One position has no place for several levels.
            golden.Expected.Match("raises", golden.Count("width") == 1 && size > 0 ? "AssertionError" : "ValueError");
            return null;
        }

        var path = Of(golden);
        int length = golden.Count("seq_len");
        foreach (string name in golden.Expected.Names)
        {
            if (name == "steps")
                CheckSteps(path, length, golden.Expected.Rows(name), isWhole: golden.Expected.Has("max_step"));
            else
                golden.Expected.Match(name, Numbers(path, length, name), 0);
        }

        return null;
    }

    // From the first step that has a table to the one after the last that is needed.
    private static void CheckSteps(IReleasedSchedule path, int length, GoldenResult[] steps, bool isWhole)
    {
        int first = path is ReleasedBlockSlide ? 1 : 0;
        if (isWhole)
            Assert.Equal(path.EndOf(length) + 2 - first, steps.Length);
        foreach (var (index, row) in steps.Index())
        {
            int step = first + index;
            row.Match("t", step);
            row.Match("num_settled", path.SettledAt(step));
            row.Match("vector", path.LevelsAt(step, length).Select(level => (long)level));
            if (row.Has("worthless"))
                row.Match("worthless", path.Worthless);
            if (row.Has("relevant"))
                row.Match("relevant", ((ReleasedAnnealing)path).WindowAt(step).Select(level => (long)level));
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
        (ReleasedAnnealing window, "bootstrap_shifts") =>
            [.. Enumerable.Range(1, window.Filling.Length + 1).Select(step => (double)window.SettledAt(step))],
        (ReleasedAnnealing window, "all_tau_present") => [Flat(window.Looped).Distinct().Count() == window.Worthless ? 1 : 0],
        (ReleasedBlockSlide blocks, "width") => [blocks.Width],
        (ReleasedBlockSlide blocks, "steps_per_block") => [blocks.StepsPerBlock],
        (ReleasedBlockSlide blocks, "total_steps") => [blocks.EndOf(length) - 1],
        (ReleasedBlockSlide blocks, "block_sizes") =>
            [.. Enumerable.Range(0, blocks.Blocks).Select(block => (double)Math.Min(blocks.Width, length - (block * blocks.Width)))],
        _ => throw new NotSupportedException($"nothing called {name}"),
    };

    private static double[] Flat(ImmutableArray<ImmutableArray<int>> rows) =>
        [.. rows.SelectMany(row => row.Select(level => (double)level))];
}
