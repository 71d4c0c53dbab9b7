using System.Runtime.ExceptionServices;
using Bench.Kernels.Ranks;
using static TorchSharp.torch;

namespace Bench.Tests.Training.Parallel;

/// <summary>Ranks that are threads of this process: what they exchange is added up in the order of ranks.</summary>
internal sealed class ThreadRanks : IDisposable
{
    private readonly Barrier meeting;
    private readonly byte[][] said;
    private readonly CancellationTokenSource failed = new();

    private ThreadRanks(int count) => (meeting, said) = (new Barrier(count), new byte[count][]);

    /// <summary>Has each rank do something at the same time.</summary>
    /// <returns>What each gave, in the order of ranks.</returns>
    /// <exception cref="Exception">What the first rank that failed has thrown; the others are freed from waiting for it.</exception>
    public static T[] Run<T>(int count, Func<IRanks, T> work)
    {
        using var group = new ThreadRanks(count);
        var results = new T[count];
        ExceptionDispatchInfo? first = null;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = work(new Member(group, rank, count));
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(failure), null);
                group.failed.Cancel();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        first?.Throw();
        return results;
    }

    public void Dispose()
    {
        meeting.Dispose();
        failed.Dispose();
    }

    // What every rank said, once all have.
    private byte[][] Exchange(int rank, ReadOnlySpan<byte> own)
    {
        said[rank] = own.ToArray();
        meeting.SignalAndWait(failed.Token);
        byte[][] all = [.. said];
        meeting.SignalAndWait(failed.Token);
        return all;
    }

    private sealed class Member(ThreadRanks group, int rank, int count) : IRanks
    {
        public int Rank => rank;

        public int Count => count;

        public void Sum(Span<double> few)
        {
            byte[][] all = group.Exchange(rank, System.Runtime.InteropServices.MemoryMarshal.AsBytes(few));
            for (int i = 0; i < few.Length; i++)
                few[i] = all.Sum(one => BitConverter.ToDouble(one, i * sizeof(double)));
        }

        public void Broadcast(Span<byte> bytes) => group.Exchange(rank, bytes)[0].CopyTo(bytes);

        public IPendingSum BeginSum(Tensor many) => new Pending(group, rank, many);
    }

    private sealed class Pending(ThreadRanks group, int rank, Tensor many) : IPendingSum
    {
        public void Wait()
        {
            byte[][] all = group.Exchange(rank, many.bytes);
            var sums = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(many.bytes);
            for (int i = 0; i < sums.Length; i++)
                sums[i] = all.Aggregate(0f, (sum, one) => sum + BitConverter.ToSingle(one, i * sizeof(float)));
        }
    }
}
