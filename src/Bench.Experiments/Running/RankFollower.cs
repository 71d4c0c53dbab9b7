using Bench.Backbone;
using Bench.Data;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Kernels.Ranks;
using Bench.Methods;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Training;
using TorchSharp;

namespace Bench.Experiments.Running;

/// <summary>A rank that is not the first: it joins the trainings of rank 0, and writes nothing.</summary>
/// <param name="ranks">The ranks.</param>
/// <param name="library">Where texts come from.</param>
/// <param name="localRank">Its number among the ranks of its machine.</param>
/// <param name="threads">Its share of the machine's processors.</param>
public sealed class RankFollower(IRanks ranks, DataLibrary library, int localRank, int threads)
{
    /// <summary>Does what rank 0 says until it says that nothing follows.</summary>
    /// <param name="stop">Asks all ranks to stop the training in progress.</param>
    /// <exception cref="SuiteException">This rank cannot take part; the others then wait for it, and have to be ended.</exception>
    public void Follow(CancellationToken stop)
    {
        while (ranks.Broadcast(TrainingOrder.End) is { Length: > 0 } line)
            Train(TrainingOrder.Read(line), stop);
    }

    private void Train(TrainingOrder order, CancellationToken stop)
    {
        TorchEnvironment.Require();
        torch.set_num_threads(order.Threads ?? threads);
        DeviceChoice.Parse(order.Device)!.OfRank(localRank).Use();
        var spec = PlannedRun.FromJson(order.Run).Spec;
        using var data = spec.Data.Open(library);
        if (data.Hash != order.Data)
            throw new SuiteException($"the corpus {spec.Data.Corpus} is not the one that rank 0 has",
                "Let all ranks share one cache folder (BENCH_CACHE), or delete this machine's.");
        var method = (NetworkMethod)spec.Method;
        var vocabulary = data.Vocabulary;
        var objective = method.Objective(method.Setup(vocabulary, spec.Data.Length));
        // Its weights come from rank 0.
        using var network = new Ddit(spec.Model!.Shape(vocabulary, method.View), RandomStream.Root(spec.Seed).Split("weights"))
            .On(TorchEnvironment.Device);
        using var trainer = RunTraining.Of(spec, data, objective, network, order.Found.Complete(spec.Training!), ranks);
        try
        {
            trainer.Run(new Bystander(), stop);
        }
        catch (SuiteException) when (trainer.HasDiverged)
        {
            // So it has on rank 0, which records it.
        }
    }

    private sealed class Bystander : ITrainingHooks
    {
        public string? LastCheckpoint => null;

        public void Log(TrainingPoint point)
        {
        }

        public double Validate(Trainer trainer) => double.NaN;

        public void Checkpoint(Trainer trainer)
        {
        }
    }
}
