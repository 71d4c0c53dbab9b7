using System.Collections.Immutable;
using Bench.Experiments.Machine;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Scoring;

namespace Bench.Experiments.Running;

/// <summary>Chunks of the test text, as many as other runs generate, scored like generated text.</summary>
internal sealed class RealTextRun(RunContext context) : Run
{
    /// <inheritdoc/>
    public override ComputeEngine Engine => ComputeEngine.Managed;

    /// <inheritdoc/>
    public override IEnumerable<Metric> Execute()
    {
        if (context.Spec.Sampling.Count == 0)
            return [];
        // The last ones, at most half of them: MAUVE compares with the first.
        var real = context.ScorerSet.Real;
        GeneratedText[] texts = [.. real.TakeLast(Math.Min(context.Spec.Sampling.Count, real.Length / 2))];
        if (texts.Length == 0)
            return [];
        context.Folder.WriteGeneration(context.ScorerSet.Quality(context.Random.Split("quality")).Of(new GenerationSetting("none", Steps: 0), texts, context.Stop));
        SampleFiles.Write(context, [.. texts.Select(text => text.Tokens)]);
        return [];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
