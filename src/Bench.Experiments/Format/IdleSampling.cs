using Bench.Experiments.Generating;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;
using Bench.Methods;
using Bench.Sampling;

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
                report.Add(item, $"{section}.samplers names {item.Text}, but none of the methods can use it beside its own{Reason(item.Text, runs)}", $"Leave it out; over a profile that has it, write {SamplingKeys.Samplers.Name}: [].");
        }

        void Idle(Key key, Func<SamplingSpec, bool> isEmpty, string why)
        {
            if (Items(key) is { } list && done.All(isEmpty))
                report.Add(list, $"{section}.{key.Name} changes nothing: {why}", $"Leave {key.Name} out; over a profile that has it, write {key.Name}: [].");
        }

        Sequence? Items(Key key) => !IsSwept($"{section}.{key.Name}") && written[key.Name] is Sequence { Items.IsEmpty: false } list ? list : null;

        bool IsSwept(string path) => sweep?.Keys.Contains(path) == true;
    }

    // Why the last method with a network cannot; the others have reasons of their own.
    private static string Reason(string sampler, IEnumerable<RunSpec> runs)
    {
        if (runs.LastOrDefault(run => run.Method is NetworkMethod) is not { Method: NetworkMethod method } run)
            return "";
        var problem = method.Problem(run.Data.Tokenizer.Vocabulary, run.Data.Length, run.Sampling.Steps);
        var asked = SamplerChoice.For(method, SamplerTable.Find(sampler)!);
        string? reason = problem.Path.Depth == 1 ? "it settles a word in one step, for which there is one way" : SamplerChoice.Misreads(method, asked) ?? asked.Refuses(problem);
        return reason is null ? "" : $"; as for {method.Name}, {reason}";
    }
}
