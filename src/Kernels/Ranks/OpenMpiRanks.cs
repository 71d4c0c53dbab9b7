using Bench.Kernels.Native;
using static TorchSharp.torch;

namespace Bench.Kernels.Ranks;

/// <summary>The processes that an <c>mpirun</c> or <c>srun</c> has started together, over Open MPI.</summary>
/// <remarks>An error of a call ends all of them, as MPI does unless it is asked for something else.</remarks>
public sealed unsafe class OpenMpiRanks : IRanks, IDisposable
{
    private const int Piece = 1 << 30; // bytes: MPI counts in int

    private readonly OpenMpi mpi;
    private bool isOver;

    private OpenMpiRanks(OpenMpi mpi)
    {
        this.mpi = mpi;
        int provided = 0, rank = 0, count = 0;
        Check(mpi.InitThread(null, null, OpenMpi.ThreadSerialized, &provided), "MPI_Init_thread");
        Check(mpi.CommRank(mpi.World, &rank), "MPI_Comm_rank");
        Check(mpi.CommSize(mpi.World, &count), "MPI_Comm_size");
        (Rank, Count) = (rank, count);
        (PerMachine, Threads) = OnMachine();
    }

    /// <summary>Why Open MPI cannot be used, and what to do; null where it can. The first call loads the library.</summary>
    public static (string What, string Fix)? Problem => OpenMpi.Problem;

    /// <summary>The library, as "Open MPI v4.1.4".</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public static string Version => OpenMpi.Library.Version;

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int PerMachine { get; }

    /// <summary>Threads that this rank computes with when the ranks of its machine share the processors evenly.</summary>
    public int Threads { get; }

    /// <summary>Meets the other ranks; once in the life of a process.</summary>
    /// <exception cref="DllNotFoundException">There is no Open MPI.</exception>
    public static OpenMpiRanks Begin() => new(OpenMpi.Library);

    /// <inheritdoc/>
    public void Sum(Span<double> few)
    {
        nint request = 0;
        fixed (double* numbers = few)
        {
            Check(mpi.StartAllreduce(OpenMpi.InPlace, numbers, few.Length, mpi.Double, mpi.Sum, mpi.World, &request), "MPI_Iallreduce");
            WaitPatiently(&request);
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> bytes)
    {
        // A barrier first: a broadcast itself would wait for rank 0 with a busy core.
        nint request = 0;
        Check(mpi.StartBarrier(mpi.World, &request), "MPI_Ibarrier");
        WaitPatiently(&request);
        for (int done = 0; done < bytes.Length; done += Piece)
        {
            var piece = bytes[done..Math.Min(bytes.Length, done + Piece)];
            fixed (byte* numbers = piece)
                Check(mpi.Bcast(numbers, piece.Length, mpi.Byte, 0, mpi.World), "MPI_Bcast");
        }
    }

    /// <inheritdoc/>
    public IPendingSum BeginSum(Tensor many)
    {
        nint request = 0;
        float* numbers = Memory.Floats(many, "what ranks add up");
        Check(
            mpi.StartAllreduce(OpenMpi.InPlace, numbers, checked((int)many.numel()), mpi.Float, mpi.Sum, mpi.World, &request),
            "MPI_Iallreduce");
        return new Pending(mpi, request, many);
    }

    /// <summary>Ends all ranks at once, this one too.</summary>
    /// <param name="code">The exit code.</param>
    public void Abort(int code)
    {
        isOver = true;
        _ = mpi.Abort(mpi.World, code);
    }

    /// <summary>Takes leave of the other ranks, and waits for them to do so; nothing after <see cref="Abort"/>.</summary>
    public void Dispose()
    {
        if (isOver)
            return;
        isOver = true;
        Check(mpi.Finish(), "MPI_Finalize");
    }

    private static void Check(int code, string call)
    {
        if (code != 0)
            throw new InvalidOperationException($"{call} of Open MPI failed with code {code}");
    }

    private (int Ranks, int Threads) OnMachine()
    {
        nint machine = 0;
        int count = 0;
        Check(mpi.CommSplitType(mpi.World, OpenMpi.OneMachine, Rank, mpi.NoInfo, &machine), "MPI_Comm_split_type");
        Check(mpi.CommSize(machine, &count), "MPI_Comm_size");
        int[] users = new int[SharedProcessors.Most], own = SharedProcessors.Own();
        foreach (int processor in own)
            users[processor] = 1;
        fixed (int* counts = users)
            Check(mpi.Allreduce(OpenMpi.InPlace, counts, users.Length, mpi.Int, mpi.Sum, machine), "MPI_Allreduce");
        return (count, SharedProcessors.Threads(own, users));
    }

    // Others may evaluate for minutes: after some milliseconds of looking it is asked a thousand times a second.
    private void WaitPatiently(nint* request)
    {
        const int Looks = 5_000;
        var pause = new SpinWait();
        int isDone = 0;
        while (true)
        {
            Check(mpi.Test(request, &isDone, 0), "MPI_Test");
            if (isDone != 0)
                return;
            pause.SpinOnce(Looks);
        }
    }

    private sealed class Pending(OpenMpi mpi, nint request, Tensor numbers) : IPendingSum
    {
        private nint request = request;

        public void Advance()
        {
            int isDone = 0;
            fixed (nint* looked = &request)
                Check(mpi.Test(looked, &isDone, 0), "MPI_Test"); // behind the end the request is none, and waiting for it is over
        }

        public void Wait()
        {
            fixed (nint* waited = &request)
                Check(mpi.Wait(waited, 0), "MPI_Wait");
            GC.KeepAlive(numbers);
        }
    }
}
