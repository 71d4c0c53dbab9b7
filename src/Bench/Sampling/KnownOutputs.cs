using System.Numerics.Tensors;
using Bench.Backbone;
using Bench.Kernels;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Bench.Sampling;

/// <summary>
/// The network's outputs for candidates, kept while rows stay as they are: rows that are copies of each other share them, and what
/// candidates were compared by is what the next step draws from.
/// </summary>
/// <param name="setup">Says when two steps ask the network the same.</param>
/// <param name="rows">n·K.</param>
/// <param name="candidates">K: rows of a sequence, behind each other.</param>
internal sealed class KnownOutputs(DiffusionSetup setup, int rows, int candidates)
{
    private readonly Entry?[] entries = new Entry?[rows];
    private (int Step, int Other, bool IsSame) compared = (-1, -1, false);

    /// <summary>Goes on where rows became copies of others: row r of the one in entry r.</summary>
    public void Copy(int[] from)
    {
        Entry?[] before = [.. entries];
        for (int row = 0; row < from.Length; row++)
            entries[row] = before[from[row]];
    }

    /// <summary>Outputs for tokens; the network is asked for those that are not known, once for all rows that are alike.</summary>
    /// <param name="tokens">Rows·L tokens.</param>
    /// <param name="step">The step.</param>
    /// <param name="asked">M indices of tokens.</param>
    /// <param name="times">The noise time of the active tokens of each row, where it is not that of the step.</param>
    /// <param name="call">Asks the network: outputs [m·V] for m indices.</param>
    /// <returns>[M·V]</returns>
    public double[] Of(
        long[] tokens, int step, IReadOnlyList<int> asked, IReadOnlyList<double>? times, Func<IReadOnlyList<int>, double[]> call)
    {
        int length = setup.Hyperschedule.Length, size = setup.Vocabulary.Size;
        var (own, askedAs) = (new Entry[asked.Count], new Dictionary<Entry, int>(ReferenceEqualityComparer.Instance));
        var (missing, entriesOfMissing) = (new List<int>(), new List<Entry>());
        for (int m = 0; m < own.Length; m++)
        {
            int row = asked[m] / length, position = asked[m] % length;
            own[m] = m > 0 && asked[m - 1] / length == row ? own[m - 1] : EntryOf(tokens, row, step, times?[row]);
            if (!own[m].Outputs.TryAdd(position, default))
                continue;
            askedAs.TryAdd(own[m], row);
            missing.Add((askedAs[own[m]] * length) + position);
            entriesOfMissing.Add(own[m]);
        }

        double[] outputs = missing.Count == 0 ? [] : call(missing);
        foreach (var (m, at) in missing.Index())
            entriesOfMissing[m].Outputs[at % length] = new(outputs, m * size, size);
        var all = new double[own.Length * size];
        for (int m = 0; m < own.Length; m++)
            own[m].Outputs[asked[m] % length].CopyTo(all, m * size);
        return all;
    }

    private Entry EntryOf(long[] tokens, int row, int step, double? time)
    {
        int length = setup.Hyperschedule.Length, first = row - (row % candidates);
        var held = tokens.AsMemory(row * length, length);
        if (Fits(entries[row]))
            return entries[row]!;
        var found = Array.Find(entries[first..(first + candidates)], Fits);
        return entries[row] = found ?? new(step, setup.View.IsNoiseConditioned ? time : null, held.ToArray(), []);

        bool Fits(Entry? entry) => entry is not null
            && (!setup.View.IsNoiseConditioned || entry.Time.Equals(time))
            && entry.Tokens.AsSpan().SequenceEqual(held.Span)
            && IsSame(step, entry.Step);
    }

    private bool IsSame(int step, int other)
    {
        if ((compared.Step, compared.Other) != (step, other))
            compared = (step, other, setup.IsSameCall(step, other));
        return compared.IsSame;
    }

    // Outputs by position.
    private sealed record Entry(int Step, double? Time, long[] Tokens, Dictionary<int, ArraySegment<double>> Outputs);
}

/// <summary>
/// Logits read as distributions of the clean token (SUBS, arXiv 2406.07524, section 3.2.3): normalised over tokens, 0 for the mask; in
/// float64, whatever the network computes in.
/// </summary>
internal static class CleanDistributions
{
    /// <summary>A softmax of each row.</summary>
    /// <param name="logits">[M, V]; the mask is the last.</param>
    /// <returns>[M·V]</returns>
    public static double[] Of(Tensor logits)
    {
        double[] distributions = Numbers(logits);
        Normalise(distributions, (int)logits.size(-1));
        return distributions;
    }

    /// <summary>A softmax of each V numbers, in place.</summary>
    public static void Normalise(double[] distributions, int size)
    {
        for (int first = 0; first < distributions.Length; first += size)
        {
            var distribution = distributions.AsSpan(first, size - 1);
            TensorPrimitives.Subtract(distribution, TensorPrimitives.Max(distribution), distribution);
            TensorPrimitives.Exp(distribution, distribution);
            TensorPrimitives.Divide(distribution, TensorPrimitives.Sum(distribution), distribution);
            distributions[first + size - 1] = 0;
        }
    }

    /// <summary>The elements of a tensor; few of them travel where the network computes in less than float64.</summary>
    public static double[] Numbers(Tensor outputs)
    {
        using var scope = NewDisposeScope();
        if (outputs.dtype == float64)
            return outputs.OnHost().data<double>().ToArray();
        float[] read = outputs.to(float32).OnHost().data<float>().ToArray();
        double[] numbers = GC.AllocateUninitializedArray<double>(read.Length);
        TensorPrimitives.ConvertChecked<float, double>(read, numbers);
        return numbers;
    }
}
