using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// E_o Σ_j −ln p(x_{o(j)} | x_{o(1)}, .., x_{o(j−1)}) over uniformly random orders o of the positions: any-order autoregression (ARDM,
/// arXiv 2110.02037) by a network that attends causally in the order (AO-GPT, arXiv 2506.19935).
/// </summary>
/// <remarks>
/// All L predictions of an order take one pass over [clean | masks], in which the mask of a position attends to the tokens before it in the
/// order and to itself. AO-GPT makes do with L slots, but has parameters for the position that each of them predicts; here a mask stands
/// there. If predictions depend on the set of tokens that they are given, and not on the order in which these were read, the mean over
/// orders is the bound of absorbing noise (<see cref="MaskedNelbo"/>). It bounds −ln of the mean of p(x | o) over orders; along one order
/// the likelihood is exact, see <see cref="Of"/>. What is given takes its turn like other tokens.
/// </remarks>
/// <param name="Setup">
/// Absorbing noise, a hyperschedule that settles a position a step, which generation goes along, and an aligned, block-causal view.
/// </param>
public sealed record AnyOrder(DiffusionSetup Setup) : IObjective
{
    /// <inheritdoc cref="AnyOrder" path="/param"/>
    public DiffusionSetup Setup { get; } = Misfit(Setup) is { } reason ? throw new ArgumentException(reason, nameof(Setup)) : Setup;

    /// <inheritdoc/>
    public string Name => "any-order cross-entropy";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public string Draws => "random orders";

    /// <inheritdoc/>
    public ConstantTerms Constants => new Nelbo(Setup, Continuous: false).Constants;

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    /// <remarks>An order has no level: each example draws its own.</remarks>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        // By a number for each position, so that padding changes nothing in the order of the others.
        var places = noise.Split("order");
        int[] positions = [.. Enumerable.Range(0, batch.Length)];
        int[][] orders =
            [.. batch.Examples.Select(example => positions.OrderBy(position => places.Uniform(example, position)).ToArray())];
        return (network, device) => Of(network, batch, orders, device);
    }

    /// <summary>−ln p(x | o), exactly, position by position.</summary>
    /// <param name="network">The denoiser.</param>
    /// <param name="batch">B examples of L tokens.</param>
    /// <param name="orders">B permutations of the L positions.</param>
    /// <param name="device">Where the network is.</param>
    /// <returns>[B, L] nats; 0 where a position is given, or padding.</returns>
    public Tensor Of(IDenoiser network, ExampleBatch batch, IReadOnlyList<int[]> orders, Device device)
    {
        Require.Length(orders.Count, batch.Rows);
        Require.Length(batch.Length, Setup.Hyperschedule.Length);
        using var scope = NewDisposeScope();
        int length = batch.Length, mask = Setup.Vocabulary.MaskId;
        var (tokens, slots) = (new long[2 * batch.Tokens.Length], new long[batch.Tokens.Length]);
        Array.Fill(tokens, mask);
        for (int row = 0; row < batch.Rows; row++)
        {
            foreach (var (rank, position) in orders[row].Index())
            {
                int at = (row * length) + position, first = 2 * row * length;
                tokens[first + rank] = batch.Tokens[at];
                slots[at] = first + length + rank;
            }
        }

        long[] wanted = [.. Enumerable.Range(0, slots.Length).Where(at => !batch.IsGiven(at)).Select(at => (long)at)];
        var layout = SequenceLayout.InOrder(orders);
        var asked = new DenoiserInput(
            tensor(tokens, [batch.Rows, 2 * length]).On(device),
            Wanted: tensor(Array.ConvertAll(wanted, at => slots[at])).On(device),
            Layout: batch.IsPadded ? layout.Within(batch.Lengths!, Setup.View) : layout);
        var nats = network.NegativeLogLikelihood(asked, tensor(Array.ConvertAll(wanted, at => batch.Tokens[at])).On(device), mask); // [M]
        return zeros([slots.Length], nats.dtype, device).scatter(0, tensor(wanted).On(device), nats)
            .view(batch.Rows, length).MoveToOuterDisposeScope();
    }

    private static string? Misfit(DiffusionSetup setup) => setup switch
    {
        { OnlyMasks: false } => $"it is written for noise that only masks, not for {setup.Process.Name}",
        { View: { Shifted: true } or { Context: not AttentionKind.BlockCausal } } =>
            $"the view is {setup.View}, but in any order tokens attend to those that settle no later, and each is predicted at its own "
                + "position; use an aligned view with a block-causal context",
        { View.IsNoiseConditioned: true } => "without noise there is nothing to condition on; use conditioning absent or constant",
        { Hyperschedule: var path } when path.Depth != 1 || path.Steps != path.Length =>
            $"tokens are generated one a step, but the hyperschedule is {path.Name}; use autoregressive, or a table of another order",
        _ => null,
    };
}
