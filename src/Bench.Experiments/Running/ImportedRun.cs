using System.Runtime.InteropServices;
using Bench.Backbone;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Published;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Training;
using static TorchSharp.torch;

namespace Bench.Experiments.Running;

/// <summary>A network whose weights come from a published checkpoint: kept as the run's own checkpoint, measured, sampled from.</summary>
internal sealed class ImportedRun : Run
{
    private readonly NetworkMethod method;
    private readonly RunContext context;
    private readonly Ddit network;
    private readonly NetworkEvaluation evaluation;

    private ImportedRun(NetworkMethod method, RunContext context)
    {
        (this.method, this.context) = (method, context);
        var source = context.Spec.Source!;
        using var checkpoint = Published.Checkpoint.Open(source.File.Path);
        if (checkpoint.Fingerprint() != source.File.Hash)
            throw new SuiteException($"{checkpoint.File} has changed since this run was planned",
                context.Planned.ToPlanAnew);
        List<Problem> problems = [];
        var published = PublishedNetwork.Of(checkpoint, source.Answers, problems)
            ?? throw new SuiteException($"{problems[0].Where} {problems[0].What}", problems[0].Fix);
        network = published.Load(source.Averages ?? false, context.Spec.Model!.Shape(context.Data.Vocabulary, method.View));
        try
        {
            var own = new Checkpoints(context.Folder.Folder);
            own.Open();
            // One set of weights, so the average; the run's folder can be moved without the file that it came from.
            long step = checkpoint.Step ?? 0;
            Trainer.SaveAverage(own.At(step), context.Planned.Id, step, network);
            evaluation = new NetworkEvaluation(method, context, network.On(TorchEnvironment.Device),
                method.Objective(method.Setup(context.Data.Vocabulary, context.Spec.Data.Length)),
                $"; imported weights{published.Family.Remark}");
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ComputeEngine Engine => TorchEnvironment.Describe(Precision.Float32);

    /// <summary>Reads the weights and keeps them.</summary>
    /// <exception cref="SuiteException">
    /// There is no tensor engine or too little memory, a text is too short, or the checkpoint is damaged or has changed.
    /// </exception>
    public static ImportedRun Of(NetworkMethod method, RunContext context)
    {
        TorchEnvironment.Require();
        try
        {
            return new ImportedRun(method, context);
        }
        catch (Exception failure) when (failure is ExternalException or OutOfMemoryException)
        {
            throw new SuiteException($"the network cannot be made: {failure.Message.Split('\n')[0]}",
                "Use a machine with more memory.", failure);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Metric> Execute() =>
    [
        .. evaluation.Measure(context.Task),
        TrainingMetrics.Parameters.Row(Splits.None, network.Shape.Parameters, protocol: "imported"),
    ];

    /// <inheritdoc/>
    public override void Dispose() => network.Dispose();
}
