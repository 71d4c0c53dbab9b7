using System.Collections.Immutable;
using System.Globalization;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Results;

namespace Bench.Experiments.Planning;

/// <summary>Finds what a machine has no room for.</summary>
/// <param name="machine">The machine.</param>
internal sealed class Misfits(MachineLimits machine)
{
    /// <summary>
    /// Runs that need more memory than there is, alone or at once, and the disk when it is too small for what all of them leave.
    /// </summary>
    /// <param name="runs">Runs that are to be done, with their costs.</param>
    /// <param name="folder">Where results go.</param>
    /// <param name="jobs">How many of them are at work at once.</param>
    public ImmutableArray<Problem> Of(IReadOnlyCollection<(RunSpec Spec, RunCost Cost)> runs, string folder, int jobs)
    {
        var found = runs.Where(run => run.Cost.Memory.Bytes > machine.Memory).Select(run => Memory(run.Spec, run.Cost.Memory)).ToList();
        double[] largest =
            [.. runs.Select(run => run.Cost.Memory.Bytes).Where(bytes => bytes <= machine.Memory).OrderDescending().Take(jobs)];
        if (largest.Sum() > machine.Memory)
            found.Add(AtOnce(largest));
        RunCost[] costs = [.. runs.Select(run => run.Cost)];
        if (costs.Length > 0 && DiskOf(costs, jobs) is var disk && disk > machine.FreeDisk)
        {
            long checkpoints = PassingOf(costs, jobs);
            found.Add(new(
                folder,
                $"{runs.Count} {(runs.Count == 1 ? "run leaves" : "runs leave")} {Room(disk)} of checkpoints and logs, up to "
                    + $"{Room(checkpoints)} of that for a while, but {Room(machine.FreeDisk)} are free: "
                    + $"{Room(disk - machine.FreeDisk)} too few",
                "Make room ('bench gc' shows what can go), give a folder on another disk by --results, or lower model.width or "
                    + "model.blocks."));
        }

        return [.. found];
    }

    /// <summary>
    /// Bytes that runs take on disk at the worst: what all of them leave, and what the largest of those at work hold while they train.
    /// </summary>
    /// <param name="costs">Of the runs.</param>
    /// <param name="jobs">How many of them are at work at once.</param>
    public static long DiskOf(IReadOnlyCollection<RunCost> costs, int jobs) => costs.Sum(cost => cost.DiskKept) + PassingOf(costs, jobs);

    private static long PassingOf(IEnumerable<RunCost> costs, int jobs) =>
        costs.Select(cost => cost.Disk - cost.DiskKept).OrderDescending().Take(jobs).Sum();

    // Each of them fits alone; the largest comes first.
    private Problem AtOnce(double[] largest)
    {
        double all = largest.Sum();
        int fit = largest.Length - 1;
        while (largest.Take(fit).Sum() > machine.Memory)
            fit--;
        return new(
            "--jobs",
            $"the {largest.Length} largest runs at once need about {Room(all)} of memory, {Room(all - machine.Memory)} more than "
                + $"the {Room(machine.Memory)} there are",
            $"{(fit == 1 ? "Leave --jobs out: one at a time they fit" : $"Lower --jobs to {fit}, which fits")}; or use a larger machine.");
    }

    private Problem Memory(RunSpec spec, MemoryEstimate memory) => new(
        $"{spec.Experiment} {spec.Method.Name} seed {spec.Seed}",
        $"it needs about {Room(memory.Bytes)} of memory, {Room(memory.Bytes - machine.Memory)} more than the {Room(machine.Memory)} "
            + $"there are ({Shares(memory)})",
        Advice(memory));

    private string Advice(MemoryEstimate memory)
    {
        if (memory.Program + memory.Weights > machine.Memory)
            return "Lower model.width or model.blocks: what is held for the weights alone is more than there is.";
        if (memory.BatchThatFits(machine.Memory) is { } batch)
        {
            return $"Give --micro-batch {batch}, which fits and changes results by rounding alone; or lower training.batch-size to that, "
                + "data.length, model.width or model.blocks; or use a larger machine.";
        }

        string most = memory.Measuring >= memory.Generating
            ? "likelihoods are measured on up to 64 rows at once"
            : "sequences are generated at once, as far as their logits allow";
        return Math.Max(memory.Measuring, memory.Generating) > machine.Memory - memory.Program - memory.Weights
            ? $"Lower data.length, model.width or model.heads: {most}; or use a larger machine."
            : "Lower data.length, model.width or model.blocks: not even one sequence fits; or use a larger machine.";
    }

    private static string Shares(MemoryEstimate memory)
    {
        string most = memory.Training >= Math.Max(memory.Measuring, memory.Generating)
            ? $"{Room(memory.Training)} for the activations of a training step of {memory.Sequences} sequences"
            : memory.Measuring >= memory.Generating ? $"{Room(memory.Measuring)} for measuring likelihoods"
            : $"{Room(memory.Generating)} for generating";
        string weights = memory.Sequences == 0 ? "weights" : "weights, gradients, moments and averages";
        string ranks = memory.Processes == 1 ? "" : $", in {memory.Processes} ranks";
        return $"{Room(memory.Weights)} for {weights}, {most}{ranks}";
    }

    private static string Room(double bytes) => bytes switch
    {
        >= 1e8 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:#,0.0} GB"),
        >= 1e5 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
    };
}
