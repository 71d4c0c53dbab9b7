using Bench.Evaluation;
using Bench.Evaluation.Quality;
using Bench.Experiments.Generating;
using Bench.Methods;
using Bench.Models;
using Bench.Results;
using Bench.Sampling;

namespace Bench.Experiments.Running;

/// <summary>Everything that is generated with a network: the run's samples, and what becomes of them at other temperatures, in other numbers of steps, by other samplers and at other speeds.</summary>
/// <param name="method">The row.</param>
/// <param name="context">The run.</param>
/// <param name="network">The trained network.</param>
internal sealed class GenerationStudy(NetworkMethod method, RunContext context, IDenoiser network)
{
    private readonly SamplingSpec _spec = context.Spec.Sampling;
    private readonly GenerationQuality _quality = context.Panel.Quality(context.Random.Split("quality"));

    /// <summary>The samples of the run, and all rows of <c>generation.csv</c>, the main setting's first.</summary>
    public (Generation Main, List<GenerationMetric> Rows) Carry()
    {
        var ways = Made(Ways());
        var speeds = Made(Speeds());
        var timed = speeds.Select(way => way.Setting).ToHashSet();
        double all = ways.Length + speeds.Length;
        var rows = new List<GenerationMetric>();
        Generation? main = null;
        foreach (var (i, (generator, setting)) in ways.Index())
        {
            context.Stage("sampling", i / all);
            var generation = generator.Generate(_spec.Count, context.Random.Split("samples"), stop: context.Stop);
            main ??= generation;
            rows.AddRange(_quality.Of(setting, [.. generation.Sequences.Select(sequence => GeneratedText.Of(sequence, context.Data.Tokenizer))], context.Stop));
            if (!timed.Contains(setting))
                rows.AddRange(SpeedRows.Of(setting, [generation], "one generation"));
        }

        foreach (var (i, (generator, setting)) in speeds.Index())
        {
            context.Stage("sampling", (ways.Length + i) / all);
            rows.AddRange(SpeedRows.Measure(generator, setting, context.Random.Split("speed"), context.Stop));
        }

        context.Stage("sampling", 1);
        return (main!, rows);
    }

    private IEnumerable<Way> Ways()
    {
        var main = new Way(method.Sampler, _spec.Steps!.Value, Temperature: 1, Caches: true, _spec.Count);
        yield return main;
        foreach (double temperature in _spec.Temperatures)
            yield return main with { Temperature = temperature };
        foreach (var sampler in _spec.Samplers.Select(name => SamplerChoice.For(method, SamplerTable.Find(name)!)).Prepend(method.Sampler))
        {
            foreach (int steps in _spec.StepCounts.Prepend(main.Steps))
                yield return main with { Sampler = sampler, Steps = steps };
        }
    }

    private IEnumerable<Way> Speeds() =>
        from batch in _spec.Batches.IsEmpty ? [] : _spec.Batches.Prepend(_spec.Count)
        let cached = new Way(method.Sampler, _spec.Steps!.Value, Temperature: 1, Caches: true, batch)
        from way in new[] { cached, cached with { Caches = false } }
        select way;

    // What keeps no keys is the same with and without a cache, and so are steps that a method takes whatever was asked for.
    private (Generator Generator, GenerationSetting Setting)[] Made(IEnumerable<Way> ways) => [.. ways.Distinct().Select(Make).DistinctBy(way => way.Setting)];

    private (Generator Generator, GenerationSetting Setting) Make(Way way)
    {
        var problem = method.Problem(context.Data.Vocabulary, context.Spec.Data.Length, way.Steps);
        var generator = new Generator(network, problem, way.Sampler, TorchEnvironment.Device) { Choice = new Choice(way.Temperature), Caches = way.Caches };
        return (generator, new GenerationSetting(way.Sampler.Name, problem.Path.Steps, way.Temperature, Nucleus: 1, generator.KeepsKeys, way.Batch));
    }

    private sealed record Way(ISampler Sampler, int Steps, double Temperature, bool Caches, int Batch);
}
