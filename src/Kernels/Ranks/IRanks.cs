using static TorchSharp.torch;

namespace Bench.Kernels.Ranks;

/// <summary>The processes that train one network together, as one of them sees them: rank 0 to <see cref="Count"/> - 1.</summary>
/// <remarks>
/// All ranks make the same calls in the same order, with as many numbers; each rank gets the same bits. A call of a rank that is not
/// there any more does not return: who started the ranks ends them all.
/// </remarks>
public interface IRanks
{
    /// <summary>This one; 0 leads.</summary>
    int Rank { get; }

    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>How many of them are on this machine.</summary>
    int PerMachine => Count;

    /// <summary>Adds up a few numbers over all ranks, in place. Ranks that come late are waited for without keeping a core busy.</summary>
    /// <param name="few">Each rank's own; then the sums.</param>
    void Sum(Span<double> few);

    /// <summary>Replaces numbers by those of rank 0, which is waited for like that, too.</summary>
    /// <param name="bytes">Rank 0's are read, all others' written.</param>
    void Broadcast(Span<byte> bytes);

    /// <summary>Begins to add up many numbers over all ranks, which are known to be there: waiting for the end keeps a core busy.</summary>
    /// <param name="many">float32, contiguous, on the CPU: each rank's own; at the end the sums. Left alone until then.</param>
    /// <exception cref="ArgumentException">It is not such a tensor.</exception>
    IPendingSum BeginSum(Tensor many);
}

/// <summary>A sum over ranks that has begun.</summary>
public interface IPendingSum
{
    /// <summary>Lets the exchange go on without waiting for it: Open MPI works on one only while it is called.</summary>
    void Advance()
    {
    }

    /// <summary>Returns when the sums stand where the numbers were.</summary>
    void Wait();
}

/// <summary>Exchanges that are made of others.</summary>
public static class RankExchange
{
    /// <summary>Whether any rank says so.</summary>
    public static bool Any(this IRanks ranks, bool said)
    {
        Span<double> count = [said ? 1 : 0];
        ranks.Sum(count);
        return count[0] > 0;
    }

    /// <summary>Replaces a tensor's numbers by those of rank 0, wherever it is.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="tensor">Of the same type and shape on each.</param>
    public static void Broadcast(this IRanks ranks, Tensor tensor)
    {
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        var host = tensor.OnHost().contiguous();
        ranks.Broadcast(host.bytes);
        if (ranks.Rank != 0 && !ReferenceEquals(host, tensor))
            tensor.copy_(host);
    }

    /// <summary>Rank 0's text.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="text">What rank 0 says; the others' is not looked at.</param>
    public static string Broadcast(this IRanks ranks, string text)
    {
        byte[] bytes = ranks.Rank == 0 ? System.Text.Encoding.UTF8.GetBytes(text) : [];
        byte[] length = BitConverter.GetBytes(bytes.Length);
        ranks.Broadcast(length);
        if (ranks.Rank != 0)
            bytes = new byte[BitConverter.ToInt32(length)];
        ranks.Broadcast(bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
