namespace Bench.Experiments.Planning;

/// <summary>How fast this machine is with a network. All work is in operations as <see cref="Pass.Flops"/> counts them.</summary>
/// <param name="Size">Operations of a training step: networks of a size are alike.</param>
/// <param name="Training">Seconds an operation of a training step.</param>
/// <param name="Likelihood">Seconds an operation of a forward pass.</param>
/// <param name="Call">Seconds that a call of a generation takes however little it computes.</param>
/// <param name="Token">Seconds that a step of a generation takes beyond call and products, for each token of the sequences: samplers look at all of them. Null where nothing was generated.</param>
internal sealed record Speeds(double Size, double Training, double Likelihood, double Call, double? Token)
{
    private const double Alike = 4;

    /// <summary>Of a network that was not timed: as fast as those of about its size are on average, or as the one that is nearest.</summary>
    /// <param name="known">Those that were; one at least.</param>
    /// <param name="size">Operations of a training step.</param>
    public static Speeds Like(IReadOnlyCollection<Speeds> known, double size)
    {
        double Distance(Speeds other) => Math.Abs(Math.Log(other.Size / size));
        var near = known.Where(other => Distance(other) < Math.Log(Alike)).ToArray();
        if (near.Length == 0)
            near = [known.MinBy(Distance)!];
        return new(size, near.Average(each => each.Training), near.Average(each => each.Likelihood), near.Average(each => each.Call), near.Average(each => each.Token) ?? known.Average(each => each.Token) ?? 0);
    }
}
