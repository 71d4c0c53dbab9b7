using Bench.Attention;
using Bench.Backbone;
using Bench.Methods;
using Bench.Noise.Schedules;
using Bench.Results;

namespace Bench.Published;

/// <summary>
/// A published network as a method of the suite: the row of the table that its family is measured and sampled as, with its own noise,
/// hyperschedule and view.
/// </summary>
/// <param name="Method">The method.</param>
/// <param name="Shape">
/// The network; where it is given σ, not more of it than occurred in training, since the bound reaches σ = ∞.
/// </param>
/// <param name="Note">What differs from the file; null for nothing.</param>
public sealed record PublishedMethod(NetworkMethod Method, DditShape Shape, string? Note)
{
    private const string Prefix = "published-";

    /// <summary>The method of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="length">L of the sequences that it is used on.</param>
    /// <param name="problems">Gets what is left open.</param>
    /// <returns>Null where something is left open.</returns>
    public static PublishedMethod? Of(PublishedNetwork network, string file, int length, ICollection<Problem> problems)
    {
        var family = network.Family;
        if (network.Path is not { } path)
        {
            problems.Add(family.LeavesBlocksOpen || family.StatesBlocks
                ? new(file, $"is understood as {family.Title}, and nothing states the size of its blocks",
                    "Say --block-size: positions that are denoised together.")
                : new(file, "states a hyperschedule without its width or its levels", "Complete annealing.width and annealing.tau."));
            return null;
        }

        var row = (NetworkMethod)MethodTable.Find(family.Row)!;
        var method = row with
        {
            Name = NameOf(family.Name),
            Title = $"{family.Title} (published)",
            Noise = network.Process!,
            Schedule = network.Schedule!,
            Path = path,
            View = network.View,
        };
        method = family.Trained(method, network, length);
        // Generation starts from masks alone. Where the schedule leaves tokens at time 1, a bound on its likelihood would be infinite; the
        // published numbers leave that term out.
        if (network.Schedule is not LogLinear { Epsilon: > 0 } schedule || network.Process!.At(double.PositiveInfinity).MaskProbability < 1)
            return new(method, network.Shape, Note: null);
        return new(
            method with { Schedule = new LogLinear(0) },
            network.View.Conditioning == Conditioning.Sigma ? network.Shape with { MostSigma = schedule.Sigma(1) } : network.Shape,
            family.IsAutoregressive
                ? null
                : $"the noise is followed to its end, where {schedule.Name} stops before the last {schedule.Epsilon} is masked");
    }

    /// <summary>The name of the method that a published or exported one becomes.</summary>
    public static string NameOf(string method) => Prefix + method;

    /// <summary>The name that it was made of; that of any other method as it is.</summary>
    public static string NameWithin(string method) =>
        method.StartsWith(Prefix, StringComparison.Ordinal) ? method[Prefix.Length..] : method;
}
