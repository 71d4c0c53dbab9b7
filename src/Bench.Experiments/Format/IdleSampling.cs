using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;

namespace Bench.Experiments.Format;

/// <summary>Finds what a definition asks of sampling that none of its runs does: whoever wrote it waits for results that never come.</summary>
internal static class IdleSampling
{
    /// <summary>Reports it; nothing where nothing is generated at all.</summary>
    /// <param name="definition">The definition without its sweep.</param>
    /// <param name="sweep">What is varied; that has its own checks.</param>
    /// <param name="runs">All runs.</param>
    /// <param name="report">Takes problems.</param>
    public static void Check(Mapping definition, Sweep? sweep, IReadOnlyCollection<RunSpec> runs, Report report)
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
            foreach (var item in samplers.Items.OfType<Scalar>().Where(item => !done.Any(sampling => sampling.Samplers.Contains(item.Text))))
                report.Add(item, $"{section}.samplers names {item.Text}, but none of the methods can use it beside its own", "Leave it out: it takes a network that says what it reads, and more than one step a word.");
        }

        void Idle(Key key, Func<SamplingSpec, bool> isEmpty, string why)
        {
            if (Items(key) is { } list && done.All(isEmpty))
                report.Add(list, $"{section}.{key.Name} changes nothing: {why}", $"Leave {key.Name} out; over a profile that has it, write {key.Name}: [].");
        }

        Sequence? Items(Key key) => !IsSwept($"{section}.{key.Name}") && written[key.Name] is Sequence { Items.IsEmpty: false } list ? list : null;

        bool IsSwept(string path) => sweep?.Keys.Contains(path) == true;
    }
}
