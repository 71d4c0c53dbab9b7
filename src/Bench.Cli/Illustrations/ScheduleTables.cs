using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Results;

namespace Bench.Cli.Illustrations;

/// <summary>A method's pictures as files of numbers, for figures of one's own.</summary>
internal static class ScheduleTables
{
    private const int Intervals = 100;

    /// <summary>Writes levels (step by position, no header), the mask of a step (query by key, no header) and the shares of noise over time; of a bare hyperschedule, levels alone.</summary>
    /// <returns>The files.</returns>
    public static IEnumerable<string> Write(string folder, Hyperschedule hyperschedule, NetworkMethod? method, int step)
    {
        yield return Write(folder, "levels.csv", LevelTable.Of(hyperschedule).Select(row => row.Select(level => CsvFormat.Field((long)level))));
        if (method is null)
            yield break;
        yield return Write(folder, "mask.csv", StepMask.Of(hyperschedule, step, method.View).Select(keys => keys.Select(seen => seen ? "1" : "0")));
        yield return Write(folder, "noise.csv", NoisePanels.Rows(method.Noise, method.Schedule, Intervals).Prepend(NoisePanels.Header).Select(row => row.AsEnumerable()));
    }

    private static string Write(string folder, string name, IEnumerable<IEnumerable<string>> rows)
    {
        string file = Path.Combine(folder, name);
        AtomicFile.Write(file, CsvFormat.Text(rows.Select(row => row.ToArray())));
        return file;
    }
}
