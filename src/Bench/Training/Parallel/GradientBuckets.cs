using Bench.Kernels;
using Bench.Kernels.Ranks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bench.Training.Parallel;

/// <summary>Adds up the gradients of all ranks, many parameters at a time.</summary>
/// <remarks>
/// Messages of some megabytes use a network best, and while one is on its way the next is put together. A bucket is sent as soon as all of
/// its gradients are there, while the backward pass goes on, and always behind those before it: ranks have to send in the same order. It
/// also carries, for each of its parameters, how many ranks have a gradient of it: one that none has stays without.
/// </remarks>
internal sealed class GradientBuckets : IDisposable
{
    /// <summary>Bytes of gradients in a bucket.</summary>
    public const long Capacity = 25 << 20;

    private readonly IRanks ranks;
    private readonly Bucket[] buckets;
    private readonly List<IPendingSum> sent = []; // of the sum in progress, in the order of buckets

    /// <summary>Makes the buckets.</summary>
    /// <param name="parameters">In the same order on each rank.</param>
    /// <param name="ranks">The ranks.</param>
    /// <param name="capacity">Bytes of gradients in a bucket; a larger parameter has one of its own.</param>
    public GradientBuckets(IReadOnlyList<Parameter> parameters, IRanks ranks, long capacity = Capacity)
    {
        this.ranks = ranks;
        long[] sizes = [.. parameters.Select(parameter => parameter.numel())];
        buckets = [.. Ranges(sizes, capacity / sizeof(float)).Select(range => new Bucket([.. parameters.Take(range)]))];
    }

    /// <summary>Which neighbouring parameters are together, those of the output first: their gradients are made first.</summary>
    /// <param name="sizes">Numbers in each parameter.</param>
    /// <param name="capacity">Numbers in a bucket, at most, unless it holds a single parameter.</param>
    public static IReadOnlyList<Range> Ranges(IReadOnlyList<long> sizes, long capacity)
    {
        var ranges = new List<Range>();
        int end = sizes.Count;
        long held = 0;
        for (int i = sizes.Count - 1; i >= 0; i--)
        {
            if (held > 0 && held + sizes[i] > capacity)
            {
                ranges.Add((i + 1)..end);
                (end, held) = (i + 1, 0);
            }

            held += sizes[i];
        }

        if (end > 0)
            ranges.Add(0..end);
        return ranges;
    }

    /// <summary>
    /// Takes the gradients that there are, before the last backward pass that adds to them. Parameters are without gradient then, so that
    /// one that has a gradient has all of it.
    /// </summary>
    public void Take()
    {
        using var recorded = no_grad();
        Array.ForEach(buckets, bucket => bucket.Take());
        sent.Clear();
    }

    /// <summary>Sends the buckets whose gradients have all been made, and lets those that were sent go on.</summary>
    public void SendMade()
    {
        using var recorded = no_grad();
        sent.ForEach(sum => sum.Advance());
        while (sent.Count < buckets.Length && buckets[sent.Count].IsMade)
            Send();
    }

    /// <summary>Sends the buckets that were not, behind the backward pass: what has no gradient now gets none of this rank.</summary>
    public void SendRest()
    {
        using var timed = OperatorProfile.Time("ranks");
        using var recorded = no_grad();
        while (sent.Count < buckets.Length)
            Send();
    }

    /// <summary>Waits for all buckets, and gives each parameter the sum over ranks.</summary>
    public void Receive()
    {
        using var timed = OperatorProfile.Time("ranks");
        using var recorded = no_grad();
        foreach (var (i, bucket) in buckets.Index())
        {
            sent[i].Wait();
            bucket.Empty();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(buckets, bucket => bucket.Numbers.Dispose());

    private void Send()
    {
        var bucket = buckets[sent.Count];
        bucket.Fill();
        sent.Add(ranks.BeginSum(bucket.Numbers));
    }

    private sealed class Bucket
    {
        private readonly Parameter[] parameters;
        private readonly long[] starts; // of each parameter, and behind the last: there begin the counts of gradients
        private readonly bool[] taken; // whether there was a gradient before the last backward pass

        public Bucket(Parameter[] parameters)
        {
            this.parameters = parameters;
            starts = new long[parameters.Length + 1];
            taken = new bool[parameters.Length];
            for (int i = 0; i < parameters.Length; i++)
                starts[i + 1] = starts[i] + parameters[i].numel();
            Numbers = zeros([starts[^1] + parameters.Length], float32, CPU).DetachFromDisposeScope();
        }

        public Tensor Numbers { get; }

        public bool IsMade
        {
            get
            {
                using var scope = NewDisposeScope();
                return parameters.All(parameter => parameter.grad is not null);
            }
        }

        public void Take()
        {
            using var scope = NewDisposeScope();
            foreach (var (i, parameter) in parameters.Index())
            {
                taken[i] = parameter.grad is not null;
                if (parameter.grad is not { } gradient)
                    continue;
                Part(i).copy_(gradient.reshape(-1));
                parameter.grad = null;
            }
        }

        public void Fill()
        {
            using var scope = NewDisposeScope();
            var present = new float[parameters.Length];
            foreach (var (i, parameter) in parameters.Index())
            {
                var part = Part(i);
                // As the backward pass would have added them up.
                if (parameter.grad is { } gradient && taken[i])
                    part.add_(gradient.OnHost().reshape(-1));
                else if (parameter.grad is { } only)
                    part.copy_(only.reshape(-1));
                else if (!taken[i])
                    part.zero_();
                present[i] = taken[i] || parameter.grad is not null ? 1 : 0;
            }

            Counts().copy_(tensor(present, device: CPU));
        }

        public void Empty()
        {
            using var scope = NewDisposeScope();
            float[] present = Counts().OnHost().data<float>().ToArray();
            foreach (var (i, parameter) in parameters.Index().Where(one => present[one.Index] > 0))
            {
                var sum = Part(i).view(parameter.shape);
                if (parameter.grad is { } gradient)
                    gradient.copy_(sum);
                else
                    parameter.grad = sum.to(parameter.device, copy: true);
            }
        }

        private Tensor Part(int i) => Numbers.narrow(0, starts[i], starts[i + 1] - starts[i]);

        private Tensor Counts() => Numbers.narrow(0, starts[^1], parameters.Length);
    }
}
