using Bench.Attention;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>Examples as a network in training sees them: each position corrupted to the level of its level draw.</summary>
/// <remarks>
/// Where something is given, it stands clean at its position, at noise time 0. Positions that are denoised together attend to it; along
/// blocks and slides what is given ahead of them is not seen, as in generation. No query attends to padding.
/// </remarks>
public sealed class NoisyBatch
{
    private readonly DiffusionSetup setup;

    private NoisyBatch(DiffusionSetup setup, ExampleBatch clean, long[] tokens, LevelDraw[] draws)
    {
        (this.setup, Clean) = (setup, clean);
        (Tokens, LevelDraws) = clean.IsConditional
            ? ([.. tokens.Select((token, at) => clean.IsGiven(at) ? clean.Tokens[at] : token)], [.. draws.Select(Settled)])
            : (tokens, draws);

        LevelDraw Settled(LevelDraw draw, int row) =>
            draw with { Times = [.. draw.Times.Select((time, i) => clean.IsGiven((row * clean.Length) + i) ? 0 : time)] };
    }

    /// <summary>x_0.</summary>
    public ExampleBatch Clean { get; }

    /// <summary>x_t: B·L tokens.</summary>
    public long[] Tokens { get; }

    /// <summary>One a row.</summary>
    public IReadOnlyList<LevelDraw> LevelDraws { get; }

    /// <summary>
    /// Whether a position, by its index into <see cref="Tokens"/>, has a term: its level draw looks at it, and it is not given.
    /// </summary>
    public bool IsTarget(int at) => LevelDraws[at / Clean.Length].Steps[at % Clean.Length] >= 0 && !Clean.IsGiven(at);

    /// <summary>Draws levels and corruption; those of an example depend on its number and its level alone.</summary>
    /// <param name="setup">How tokens are corrupted.</param>
    /// <param name="clean">B examples of L tokens.</param>
    /// <param name="levels">B numbers in (0, 1): where in the noise range each example is put.</param>
    /// <param name="continuous">Whether steps are infinitely short.</param>
    /// <param name="noise">Random numbers.</param>
    public static NoisyBatch Draw(
        DiffusionSetup setup, ExampleBatch clean, ReadOnlySpan<double> levels, bool continuous, RandomStream noise)
    {
        Require.Length(levels.Length, clean.Rows);
        Require.Length(clean.Length, setup.Hyperschedule.Length);
        var own = noise.Split("levels of their own");
        var (tokens, draws) = (new long[clean.Tokens.Length], new LevelDraw[clean.Rows]);
        for (int row = 0; row < clean.Rows; row++)
        {
            long example = clean.Examples[row];
            var draw = draws[row] = setup.Hyperschedule.Draw(levels[row], position => own.Uniform(example, position), continuous);
            Marginal[] marginals = [.. draw.Times.Select(setup.At)];
            Corruption.Draw(clean.Row(row), marginals, setup.Vocabulary, noise, example, tokens.AsSpan(row * clean.Length, clean.Length));
        }

        return new NoisyBatch(setup, clean, tokens, draws);
    }

    /// <summary>Given noisy tokens and levels instead of drawn ones.</summary>
    public static NoisyBatch Of(DiffusionSetup setup, ExampleBatch clean, long[] tokens, IReadOnlyList<LevelDraw> draws)
    {
        Require.Length(tokens.Length, clean.Tokens.Length);
        Require.Length(draws.Count, clean.Rows);
        return new NoisyBatch(setup, clean, tokens, [.. draws]);
    }

    /// <summary>Numbers that follow from the logits of each of some positions by itself: <see cref="IDenoiser.PerSlot"/>.</summary>
    /// <param name="network">The denoiser.</param>
    /// <param name="wanted">M indices into the B·L positions.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="of">From logits [m, V] and the index into <paramref name="wanted"/> of the first of them to [m, ..].</param>
    /// <returns>[M, ..]</returns>
    public Tensor PerPosition(IDenoiser network, IReadOnlyList<int> wanted, Device device, Func<Tensor, int, Tensor> of) =>
        Ask(wanted, device, input => network.PerSlot(input, of));

    /// <summary>Negative log-likelihood (nats) of the clean tokens at selected positions.</summary>
    /// <param name="network">The denoiser.</param>
    /// <param name="wanted">M indices into the B·L positions.</param>
    /// <param name="device">Where the network is.</param>
    /// <returns>[M] nats.</returns>
    public Tensor NegativeLogLikelihood(IDenoiser network, IReadOnlyList<int> wanted, Device device) => Ask(wanted, device, input =>
        network.NegativeLogLikelihood(input, tensor([.. wanted.Select(at => Clean.Tokens[at])]).On(device), setup.Vocabulary.MaskId));

    private Tensor Ask(IReadOnlyList<int> wanted, Device device, Func<DenoiserInput, Tensor> ask)
    {
        using var scope = NewDisposeScope();
        var call = setup.Hyperschedule.NeedsContext ? Doubled() : Single();
        int slots = call.Layout.Slots, length = Clean.Length;
        var tokens = tensor(call.Tokens, [Clean.Rows, slots]).On(device);
        var sigma = setup.View.IsNoiseConditioned ? Condition.Of(call.Sigma, Clean.Rows, device) : null;
        long[] outputs = [.. wanted.Select(at => ((long)(at / length) * slots) + call.Offset + (at % length))];
        var layout = Clean.IsPadded ? call.Layout.Within(Clean.Lengths!, setup.View) : call.Layout;
        var input = new DenoiserInput(tokens, sigma, tensor(outputs).On(device), layout)
        {
            Levels = NoiseLevels.Of(call.Sigma, sigma),
        };
        return ask(input).MoveToOuterDisposeScope();
    }

    private (SequenceLayout Layout, long[] Tokens, double[] Sigma, int Offset) Single()
    {
        bool causal = setup.View.Block == AttentionKind.Causal;
        if (!setup.View.Shifted)
            return (SequenceLayout.Single(Clean.Length, causal), Tokens, Sigma(), 0);
        // Output i of [mask, x_0, x_1, ..] predicts token i, which stands at input i + 1.
        return (SequenceLayout.Single(Clean.Length + 1, causal), Behind(Tokens, setup.Vocabulary.MaskId), Behind(Sigma(), 0), 0);
    }

    private (SequenceLayout Layout, long[] Tokens, double[] Sigma, int Offset) Doubled()
    {
        var (hyperschedule, view, schedule) = (setup.Hyperschedule, setup.View, setup.Schedule);
        var layout = SequenceLayout.Doubled(hyperschedule, LevelDraws, view);
        var (tokens, sigma, noisy) = (new long[Clean.Rows * layout.Slots], new double[Clean.Rows * layout.Slots], Sigma());
        for (int row = 0; row < Clean.Rows; row++)
        {
            foreach (var (c, slot) in layout.Row(row).Slots.Index())
            {
                int held = slot.Position - (view.Shifted ? 1 : 0), from = (row * Clean.Length) + held;
                (tokens[(row * layout.Slots) + c], sigma[(row * layout.Slots) + c]) =
                    held < 0 || slot.Role == SlotRole.Idle ? (setup.Vocabulary.MaskId, 0)
                    : slot.Role == SlotRole.Context || hyperschedule.RegionAt(slot.Step, held) == Region.Settled
                        ? (Clean.Tokens[from], schedule.Sigma(0))
                    : (Tokens[from], noisy[from]);
            }
        }

        return (layout, tokens, sigma, Clean.Length);
    }

    private double[] Sigma() =>
        setup.View.IsNoiseConditioned
            ? [.. LevelDraws.SelectMany(draw => draw.Times.Select(setup.Schedule.Sigma))]
            : new double[Tokens.Length];

    private T[] Behind<T>(T[] values, T first)
    {
        int length = Clean.Length;
        return [.. Enumerable.Range(0, Clean.Rows).SelectMany(row => values[(row * length)..((row + 1) * length)].Prepend(first))];
    }
}
