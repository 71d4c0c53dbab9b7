using System.Collections.Immutable;
using System.Diagnostics;
using Bench.Backbone;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>Generation: from noise to text along a hyperschedule, step by step, whatever the sampler.</summary>
/// <param name="Network">The denoiser, in evaluation mode.</param>
/// <param name="Setup">Noise, when each position settles, and how the denoiser is to be asked.</param>
/// <param name="Sampler">The step.</param>
/// <param name="Device">Where the network is.</param>
public sealed record Generator(IDenoiser Network, DiffusionSetup Setup, ISampler Sampler, Device Device)
{
    /// <summary>How tokens are chosen from the distributions that the network predicts.</summary>
    public DecodingOptions Decoding { get; init; } = DecodingOptions.AsPredicted;

    /// <summary>What is given.</summary>
    public Prompt Prompt { get; init; } = Prompt.None;

    /// <summary>
    /// Whether keys and values of settled tokens are kept between steps, where network, hyperschedule and view allow it. The answers are
    /// the same.
    /// </summary>
    public bool Caches { get; init; } = true;

    /// <summary>Whether they really are kept.</summary>
    public bool KeepsKeys => Caches && NetworkCalls.CanKeep(Network, Setup);

    /// <summary>A sequence ends behind these tokens, where they turn up among settled tokens; none for full length.</summary>
    public ImmutableArray<int> Ending { get; init; } = [];

    /// <summary>Notified of the generation state after each step, by its number.</summary>
    public Action<GenerationState, int>? Watch { get; init; }

    /// <summary>Draws sequences; sequence i depends on the stream and i alone.</summary>
    /// <param name="count">Sequences, generated together.</param>
    /// <param name="draws">Random numbers.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="NotSupportedException">The sampler is not made for the problem.</exception>
    /// <exception cref="ArgumentException">The prompt does not fit it.</exception>
    public Generation Generate(int count, RandomStream draws, int first = 0, CancellationToken stop = default)
    {
        if (Sampler.Misfit(Setup) is { } reason)
            throw new NotSupportedException($"{Sampler.Name}: {reason}");
        using var recorded = no_grad();
        using var calls = NetworkCalls.Of(Network, Setup, count, Device, Caches);
        var state = new GenerationState(Setup, calls, count, draws, first, Prompt, Decoding);
        var clock = Stopwatch.StartNew();
        double firstToken = 0;
        var take = Sampler.Begin(state);
        for (int step = 0; step < Setup.Hyperschedule.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            take(step);
            Watch?.Invoke(state, step);
            if (firstToken == 0 && state.AnySettled(step + 1))
                firstToken = clock.Elapsed.TotalSeconds;
            if (!Ending.IsEmpty && state.HaveEnded(Ending.AsSpan(), step + 1))
                break;
        }

        return new Generation(state.Sequences(Ending.AsSpan()), calls.Count, clock.Elapsed.TotalSeconds)
        {
            NetworkTokens = calls.Tokens,
            FirstTokenSeconds = firstToken,
            CacheBytes = calls.CacheBytes,
        };
    }
}
