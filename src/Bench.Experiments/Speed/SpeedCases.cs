using System.Collections.Immutable;
using Bench.Methods;
using Bench.Results;

namespace Bench.Experiments.Speed;

/// <summary>All cases on one page.</summary>
public static class SpeedCases
{
    private const int Together = 16;

    /// <summary>The rows.</summary>
    public static ImmutableArray<ISpeedCase> All { get; } =
    [
        new TrainingCase(Method("mdlm"), SpeedSize.Quick),
        new TrainingCase(Method("gamma-block"), SpeedSize.Quick),
        new TrainingCase(Method("mdlm"), SpeedSize.Tiny),
        new TrainingCase(Method("mdlm"), SpeedSize.Laptop),
        new TrainingCase(Method("mdlm"), SpeedSize.Bpe),
        new TrainingCase(Method("ar"), SpeedSize.Tiny),
        new TrainingCase(Method("ar"), SpeedSize.Laptop),
        new TrainingCase(Method("ar"), SpeedSize.Bpe),
        new TrainingCase(Method("gamma"), SpeedSize.Tiny),
        new TrainingCase(Method("bd3lm"), SpeedSize.Tiny),
        new SamplingCase(Method("ar"), SpeedSize.Tiny, SpeedSize.Tiny.Length, Together),
        new SamplingCase(Method("ar"), SpeedSize.Tiny, SpeedSize.Tiny.Length, Batch: 1, "-single"),
        new SamplingCase(Method("mdlm"), SpeedSize.Tiny, Steps: 64, Together),
        new SamplingCase(Method("mdlm"), SpeedSize.Laptop, Steps: 64, Together),
        new SamplingCase(Method("bd3lm"), SpeedSize.Tiny, SpeedSize.Tiny.Length, Together),
        new SamplingCase(Method("gamma-block"), SpeedSize.Tiny, SpeedSize.Tiny.Length, Together),
    ];

    /// <summary>Cases by name: each by its full name, or all whose names contain these parts in order.</summary>
    /// <param name="wanted">Names, parts of names, or beginnings of those; none for all.</param>
    /// <returns>The cases in their own order, and what is wrong with what was written.</returns>
    public static (ImmutableArray<ISpeedCase> Cases, ImmutableArray<Problem> Problems) Select(IReadOnlyCollection<string> wanted)
    {
        string[] known = [.. All.Select(row => row.Name), .. All.SelectMany(Words).Distinct(StringComparer.Ordinal)];
        ImmutableArray<Problem> problems =
        [
            .. wanted.Distinct(StringComparer.Ordinal).Where(word => !All.Any(row => IsMeant(row, word)))
                .Select(word => new Problem("--cases", $"there is no case '{word}'", Advice(word, known))),
        ];
        return ([.. All.Where(row => wanted.Count == 0 || wanted.Any(word => IsMeant(row, word)))], problems);
    }

    /// <summary>The case of a name, or what is wrong with the name.</summary>
    /// <param name="name">Which one.</param>
    /// <param name="where">The option that it was written behind.</param>
    public static (ISpeedCase? Case, Problem? Problem) Find(string name, string where) => All.FirstOrDefault(row => row.Name == name) is { } found
        ? (found, null)
        : (null, new(where, $"there is no case '{name}'", Advice(name, [.. All.Select(row => row.Name)])));

    private static string Advice(string word, IReadOnlyList<string> known) =>
        (Spelling.Closest(word, known) is { } meant ? $"Did you mean '{meant}'? " : "") + $"Known cases: {string.Join(", ", All.Select(row => row.Name))}.";

    // Whole parts of the name, the last of which may be cut short: sample-mdlm, gamma-block, mdlm-t.
    private static bool IsMeant(ISpeedCase row, string wanted) => All.Any(other => other.Name == wanted)
        ? row.Name == wanted
        : wanted.Length > 0 && $"-{row.Name}".Contains($"-{wanted}", StringComparison.Ordinal);

    private static string[] Words(ISpeedCase row) => row.Name.Split('-');

    private static NetworkMethod Method(string name) => (NetworkMethod)MethodTable.Find(name)!;
}
