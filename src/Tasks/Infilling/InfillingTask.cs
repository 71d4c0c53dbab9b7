using System.Globalization;
using Bench.Attention;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Methods;
using Bench.Noise;
using Bench.Numerics;

namespace Bench.Tasks.Infilling;

/// <summary>
/// Texts of which a part is given, and the rest is to be found: a beginning that is continued, a gap between two sides, or positions
/// anywhere.
/// </summary>
/// <param name="Part">Which part is given.</param>
/// <param name="Share">The share of positions that are given, in (0, 1); at least one is given, and one is not.</param>
/// <param name="TrainsGiven">
/// Whether training gives the part as well; else it is on whole texts, as for <see cref="TextGeneration.TextGenerationTask"/>.
/// </param>
public sealed record InfillingTask(GivenPart Part, double Share, bool TrainsGiven = false) : ITask
{
    // Of all runs: every method and seed is given the same positions of a text.
    private static readonly RandomStream Positions = RandomStream.Root(0).Split("given positions");

    /// <inheritdoc cref="InfillingTask" path="/param[@name='Share']"/>
    public double Share { get; init => field = Require.OpenUnitInterval(value); } = Require.OpenUnitInterval(Share);

    /// <inheritdoc/>
    public string Name => "infilling";

    /// <inheritdoc/>
    public string? Refuses(IMethod method) =>
        method is NetworkMethod network
            ? ProcessFamily.Discrete.Refusal(Name, network.Noise)
            : $"infilling takes a network that a part can be given to; {method.Name} has none";

    /// <inheritdoc/>
    public string Condition(IMethod method, int length)
    {
        string share = Share.ToString("0.##%", CultureInfo.InvariantCulture);
        string given = Part switch
        {
            GivenPart.Prefix => $"the first {share} of a sequence are given",
            GivenPart.Middle => $"{share} of a sequence are given, half on each side of a gap",
            _ => $"{share} of a sequence are given, at random positions",
        };
        // Whether anything that is given ahead is looked at.
        bool isBlind = Part != GivenPart.Prefix && method is NetworkMethod network
            && (network.View.Block == AttentionKind.Causal || network.Hyperschedule(length, length).NeedsContext);
        return given + (isBlind ? "; what is given ahead of the positions being denoised is not seen" : "");
    }

    /// <inheritdoc/>
    public IExamples Training(IExamples source) => TrainsGiven ? Evaluation(source) : source;

    /// <inheritdoc/>
    public IExamples Evaluation(IExamples source) => new MadeExamples(source, Given);

    /// <inheritdoc/>
    public void Evaluate(IEvaluation run)
    {
        run.Likelihoods(Evaluation);
        if (run.Count == 0)
            return;
        var request = GenerationRequest.Of(Evaluation(run.Source(Split.Test, run.Count)), run.Count);
        run.Generate(request, made => TokenAccuracy.Of(made.Setting, request.Truth!, made.Sequences, run.Draws));
    }

    private ExampleBatch Given(ExampleBatch batch)
    {
        int length = batch.Length, count = Math.Clamp((int)Math.Round(Share * length), 1, Math.Max(1, length - 1));
        var given = new bool[batch.Tokens.Length];
        for (int row = 0; row < batch.Rows; row++)
        {
            foreach (int i in Chosen(batch.Examples[row], length, count))
                given[(row * length) + i] = true;
        }

        return batch with { Given = given };
    }

    private IEnumerable<int> Chosen(long example, int length, int count) => Part switch
    {
        GivenPart.Prefix => Enumerable.Range(0, count),
        // The larger half in front.
        GivenPart.Middle => Enumerable.Range(0, length).Where(i => i < (count + 1) / 2 || i >= length - (count / 2)),
        _ => Positions.Permutation(length, example).Take(count),
    };
}

/// <summary>Which part of a text is given.</summary>
public enum GivenPart
{
    /// <summary>Its beginning: a prompt.</summary>
    Prefix,

    /// <summary>Its beginning and its end, around a gap.</summary>
    Middle,

    /// <summary>Positions that are drawn for each text.</summary>
    Random,
}
