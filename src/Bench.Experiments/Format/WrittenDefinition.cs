using System.Collections.Immutable;
using Bench.Experiments.Yaml;

namespace Bench.Experiments.Format;

/// <summary>A definition as it was written, and its runs.</summary>
/// <param name="Text">The file.</param>
/// <param name="HasProfile">Whether it is written over another file.</param>
/// <param name="Definition">Its profile merged, its sweep taken out.</param>
/// <param name="Swept">The sweep as written; null where there is none.</param>
/// <param name="Sweep">The sweep.</param>
/// <param name="Runs">What it resolves to.</param>
internal sealed record WrittenDefinition(string Text, bool HasProfile, Mapping Definition, Node? Swept, Sweep? Sweep, ImmutableArray<RunSpec> Runs)
{
    /// <summary>Reads one from its text; null where something is wrong, which the report then says.</summary>
    /// <param name="text">The file.</param>
    /// <param name="report">Takes problems.</param>
    /// <param name="stop">Ends it between two combinations of a sweep.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static WrittenDefinition? Read(string text, Report report, CancellationToken stop = default)
    {
        if (TreeReader.Read(text, report) is not { } root)
            return null;
        if (root is not Mapping written)
        {
            ExperimentKeys.Section.TryRead(root, "", report, out _);
            return null;
        }

        // What a profile that is not there would have said is not missing.
        if (Profile.Under(written, report) is not { } whole)
            return null;
        var (definition, sweep) = Sweep.Split(whole, report);
        var runs = sweep is null ? Resolve(definition, report) : Resolve(sweep, definition, report, stop);
        if (report.Count == 0)
            IdleSampling.Check(definition, sweep, runs, report);
        return report.Count > 0 ? null : new(text, written[ExperimentKeys.Profile.Name] is not null, definition, whole[ExperimentKeys.Sweep.Name], sweep, runs);
    }

    /// <summary>The definition written out: its profile in it, every default filled in, its sweep as it is.</summary>
    public string Shown => YamlText.Of(new Resolved(Definition, Sweep, Runs).Of(Swept));

    /// <summary>What reads as the same runs wherever it lies. Comments stay where nothing has to be written in.</summary>
    public string Whole => HasProfile ? $"# Written out, with its profile.\n{Shown}" : Text;

    private static ImmutableArray<RunSpec> Resolve(Sweep sweep, Mapping definition, Report report, CancellationToken stop)
    {
        var runs = new List<RunSpec>();
        foreach (var (combination, varied) in sweep.Over(definition, report))
        {
            stop.ThrowIfCancellationRequested();
            runs.AddRange(Resolve(combination, report).Select(run => run with { Varied = varied }));
            if (runs.Count <= Sweep.Most)
                continue;
            report.Add(definition, $"the definition has more than {Sweep.Most} runs", "Vary fewer keys at once, or write several definitions.");
            break;
        }

        return report.Count > 0 ? [] : sweep.Collapse(runs, report, stop);
    }

    private static ImmutableArray<RunSpec> Resolve(Mapping definition, Report report) =>
        ExperimentKeys.Section.TryRead(definition, "", report, out var values) ? new Resolver(report).Resolve(values) : [];
}
