using System.Collections.Immutable;
using Bench.Backbone;
using Bench.Experiments.Machine;
using Bench.Numerics;
using Bench.Results;
using Bench.Sampling;

namespace Bench.Experiments.Running;

/// <summary>Writes texts with a trained network.</summary>
public sealed class TextGenerator
{
    private readonly TrainedModel model;
    private readonly TextRequest request;
    private readonly ImmutableArray<int?> given;
    private readonly ImmutableArray<int> ending;

    internal TextGenerator(TrainedModel model, TextRequest request, DiffusionSetup setup, ISampler sampler, int length,
        ImmutableArray<int?> given, ImmutableArray<int> ending) =>
        (this.model, this.request, Setup, Sampler, Length, this.given, this.ending) = (model, request, setup, sampler, length, given,
            ending);

    /// <summary>The setup of a window.</summary>
    public DiffusionSetup Setup { get; }

    /// <summary>The step.</summary>
    public ISampler Sampler { get; }

    /// <summary>Tokens in a text; texts that end earlier have fewer.</summary>
    public int Length { get; }

    /// <summary>Checks a request against a network: a generator, or all problems.</summary>
    public static FittedRequest Of(TrainedModel model, TextRequest request) => new RequestValidator(model, request).Fit();

    /// <summary>Draws texts; text i depends on the seed and i alone.</summary>
    /// <param name="count">How many, all together.</param>
    /// <param name="seed">Draws them.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="watch">Notified of the generation state after each step, by its number.</param>
    /// <param name="stop">Cancels.</param>
    public Generation Write(int count, ulong seed, int first = 0, Action<GenerationState, int>? watch = null,
        CancellationToken stop = default)
    {
        var window = new Generator(model.Network, Setup, Sampler, TorchEnvironment.Device)
        {
            Decoding = request.Choice,
            Prompt = Prompt.Of(given),
            Caches = request.Caches,
            ProductType = TorchEnvironment.ProductType(model.SamplingPrecision),
            Ending = ending,
            Watch = watch,
        };

        // Half a window of context, in whole blocks of the usual sizes.
        return new Sliding(window, Length, Math.Max(1, Setup.Hyperschedule.Length / 2)).Generate(count,
            RandomStream.Root(seed).Split("samples"), first, stop);
    }
}

/// <summary>What a request came to: something that writes texts, or what is wrong with it. One of the two is empty.</summary>
public sealed record FittedRequest(TextGenerator? Writer, ImmutableArray<Problem> Problems);
