using System.Collections.Immutable;
using Bench.Backbone;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Results;
using Bench.Sampling;

namespace Bench.Experiments.Definitions;

/// <summary>A definition as it was written, and its runs.</summary>
/// <param name="Text">The file.</param>
/// <param name="HasProfile">Whether it is written over another file.</param>
/// <param name="Definition">Its profile merged, its sweep taken out.</param>
/// <param name="Swept">The sweep as written; null where there is none.</param>
/// <param name="Sweep">The sweep.</param>
/// <param name="Runs">What it resolves to.</param>
internal sealed record WrittenDefinition(
    string Text, bool HasProfile, Mapping Definition, Node? Swept, Sweep? Sweep, ImmutableArray<RunSpec> Runs)
{
    /// <summary>Reads one from its text; null where something is wrong, which the report then says.</summary>
    /// <param name="text">The file.</param>
    /// <param name="report">Takes problems.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <param name="stop">Ends it between two combinations of a sweep.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static WrittenDefinition? Read(string text, Diagnostics report, TaskTable tasks, CancellationToken stop = default)
    {
        if (TreeReader.Read(text, report) is not { } root)
            return null;
        if (root is not Mapping written)
        {
            tasks.Keys.TryRead(root, "", report, out _);
            return null;
        }

        // Without the profile, keys that it may hold are not reported as missing.
        if (Profile.Under(written, report) is not { } whole)
            return null;
        var (definition, sweep) = Sweep.Split(whole, report);
        var runs = sweep is null ? Resolve(definition, report, tasks) : Resolve(sweep, definition, report, tasks, stop);
        if (report.Count == 0)
            IdleSampling.Check(definition, sweep, runs, report);
        return report.Count > 0
            ? null
            : new(text, written[ExperimentKeys.Profile.Name] is not null, definition, whole[ExperimentKeys.Sweep.Name], sweep, runs);
    }

    /// <summary>The definition written out: its profile in it, every default filled in, its sweep as it is.</summary>
    public string Shown => YamlText.Of(new Resolved(Definition, Sweep, Runs).Of(Swept));

    /// <summary>What reads as the same runs wherever it lies. Comments stay where nothing has to be written in.</summary>
    public string Whole => HasProfile ? $"# Written out, with its profile.\n{Shown}" : Text;

    private static ImmutableArray<RunSpec> Resolve(
        Sweep sweep, Mapping definition, Diagnostics report, TaskTable tasks, CancellationToken stop)
    {
        var runs = new List<RunSpec>();
        foreach (var (combination, varied) in sweep.Over(definition, report))
        {
            stop.ThrowIfCancellationRequested();
            runs.AddRange(Resolve(combination, report, tasks).Select(run => run with { Varied = varied }));
            if (runs.Count <= Sweep.Most)
                continue;
            report.Add(
                definition, $"the definition has more than {Sweep.Most} runs", "Vary fewer keys at once, or write several definitions.");
            break;
        }

        return report.Count > 0 ? [] : sweep.Collapse(runs, report, stop);
    }

    private static ImmutableArray<RunSpec> Resolve(Mapping definition, Diagnostics report, TaskTable tasks) =>
        tasks.Keys.TryRead(tasks.Completed(definition), "", report, out var values)
            ? new Resolver(values, report, tasks).Resolve()
            : [];
}

/// <summary>A partial definition that others are written over, so that what they share is written once.</summary>
internal static class Profile
{
    /// <summary>The definition with its profile under it; itself where it names none, and null where that cannot be had.</summary>
    /// <remarks>A definition with a name of its own is another experiment and does not take over its profile's question.</remarks>
    /// <param name="definition">As written.</param>
    /// <param name="report">Takes problems of both files.</param>
    public static Mapping? Under(Mapping definition, Diagnostics report)
    {
        var name = ExperimentKeys.Profile.Name;
        if (definition[name] is not Scalar { IsNothing: false } written)
            return definition; // the reader of keys says what is wrong with it
        if (string.IsNullOrWhiteSpace(written.Text))
        {
            report.Add(written, "profile is empty", "Name a file, such as ../profiles/quick.yaml, or leave profile out.");
            return null;
        }

        string file = Path.Combine(Path.GetDirectoryName(report.File) ?? "", written.Text);
        if (Read(file, written, report) is not { } found)
            return null;
        var shared = definition[ExperimentKeys.Name.Name] is null ? found : found.Without(ExperimentKeys.Question.Name);
        return Merging.Over(shared, definition.Without(name));
    }

    private static Mapping? Read(string file, Scalar written, Diagnostics report)
    {
        var unread = new List<Problem>();
        string? text = File.Exists(file) ? DefinitionFiles.Read(file, unread) : null;
        foreach (var problem in unread)
            report.Add(written, $"the profile {problem.Where}: {problem.What}", problem.Fix);
        if (text is null && unread.Count == 0)
        {
            report.Add(
                written,
                $"there is no profile {file}",
                DefinitionFiles.Neighbour(file) is { } meant
                    ? $"Did you mean '{meant}'?"
                    : "Its path counts from the folder of the definition that names it.");
        }

        if (text is null)
            return null;
        var own = new Diagnostics(file);
        var root = TreeReader.Read(text, own);
        if (root is Mapping found && found[ExperimentKeys.Profile.Name] is { } second)
            own.Add(second, "a profile names a profile", "Write what the second one says into this one.");
        if (root is not (null or Mapping))
        {
            own.Add(
                root,
                $"the profile is {root.Description}, but it is a section of keys",
                "Write keys as in a definition, such as 'model:'.");
        }

        report.Add(own);
        return root as Mapping is { } profile ? profile.Without(ExperimentKeys.Profile.Name) : null;
    }
}

/// <summary>
/// Finds sampling options of a definition that no run uses: their results would never come.
/// </summary>
internal static class IdleSampling
{
    /// <summary>Reports them; none where nothing is generated.</summary>
    /// <param name="definition">The definition without its sweep.</param>
    /// <param name="sweep">What is varied; that has its own checks.</param>
    /// <param name="runs">All runs.</param>
    /// <param name="report">Takes problems.</param>
    public static void Check(Mapping definition, Sweep? sweep, IReadOnlyCollection<RunSpec> runs, Diagnostics report)
    {
        SamplingSpec[] done = [.. runs.Select(run => run.Sampling).Where(sampling => sampling.Count > 0)];
        string section = ExperimentKeys.Sampling.Name;
        if (done.Length == 0 || definition[section] is not Mapping written || IsSwept(section))
            return;
        Idle(SamplingKeys.Temperatures, sampling => sampling.Temperatures.IsEmpty, "none of the methods has a network that generates");
        Idle(SamplingKeys.StepCounts, sampling => sampling.StepCounts.IsEmpty, "none of the methods leaves the number of steps open");
        Idle(SamplingKeys.Batches, sampling => sampling.Batches.IsEmpty, "none of the methods has a network that generates");
        if (Items(SamplingKeys.Samplers) is { } samplers)
        {
            var used = done.SelectMany(sampling => sampling.Samplers).ToHashSet(StringComparer.Ordinal);
            foreach (var item in samplers.Items.OfType<Scalar>().Where(item => !used.Contains(item.Text)))
            {
                report.Add(
                    item,
                    $"{section}.samplers names {item.Text}, but none of the methods can use it beside its own{Reason(item.Text, runs)}",
                    $"Leave it out; over a profile that has it, write {SamplingKeys.Samplers.Name}: [].");
            }
        }

        void Idle(Key key, Func<SamplingSpec, bool> isEmpty, string why)
        {
            if (Items(key) is { } list && done.All(isEmpty))
            {
                report.Add(
                    list,
                    $"{section}.{key.Name} changes nothing: {why}",
                    $"Leave {key.Name} out; over a profile that has it, write {key.Name}: [].");
            }
        }

        Sequence? Items(Key key) =>
            !IsSwept($"{section}.{key.Name}") && written[key.Name] is Sequence { Items.IsEmpty: false } list ? list : null;

        bool IsSwept(string path) => sweep?.Keys.Contains(path) == true;
    }

    // The reason for the last method with a network; others may have other reasons.
    private static string Reason(string sampler, IEnumerable<RunSpec> runs)
    {
        if (runs.LastOrDefault(run => run.Method is NetworkMethod) is not { Method: NetworkMethod method } run)
            return "";
        var setup = method.Setup(run.Data.Tokenizer.Vocabulary, run.Data.Length, run.Sampling.Steps);
        var asked = SamplerChoice.For(method, SamplerTable.Find(sampler)!);
        string? reason = setup.Hyperschedule.Depth == 1
            ? "it settles a token in one step, which all samplers do alike"
            : SamplerChoice.Misreads(method, asked) ?? asked.Refuses(setup);
        return reason is null ? "" : $"; as for {method.Name}, {reason}";
    }
}
