namespace Bench.Experiments.Planning;

/// <summary>How fast this machine is with a network. All work is in operations as <see cref="Pass.Flops"/> counts them.</summary>
/// <param name="Training">Seconds an operation of a training step.</param>
/// <param name="Likelihood">Seconds an operation of a likelihood.</param>
/// <param name="Call">Seconds that a call of a generation takes however little it computes.</param>
/// <param name="Generated">Seconds an operation of a generation beyond that, the drawing of words included; null for a run that generates nothing.</param>
internal sealed record Speeds(double Training, double Likelihood, double Call, double? Generated)
{
    /// <summary>The same; where nothing was generated as fast as a likelihood, which is the same work without the drawing.</summary>
    public double Generation => Generated ?? Likelihood;

    /// <summary>A machine of which nothing but these is known: their mean.</summary>
    public static Speeds Mean(IReadOnlyCollection<Speeds> known) =>
        new(known.Average(each => each.Training), known.Average(each => each.Likelihood), known.Average(each => each.Call), known.Average(each => each.Generated));
}
