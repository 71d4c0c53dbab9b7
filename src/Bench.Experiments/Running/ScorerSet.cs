
using System.Collections.Immutable;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Metrics;
using Bench.Metrics.Divergence;
using Bench.NGrams;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Pretrained.Scorers;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Scoring;

namespace Bench.Experiments.Running;

/// <summary>
/// What scores the text that is generated, made once for all runs on it: an n-gram model, the scoring network, and the text's own
/// distribution where it is known.
/// </summary>
internal sealed class ScorerSet : IDisposable
{
    private const int Order = 6, TokenOrder = 3; // six characters, or three tokens of four or five
    private const int MostCounted = 1 << 24; // tokens; their trigrams take half a gibibyte
    private const string Network = "judge-ar"; // stored name

    private readonly TrainedModel? network;
    private readonly ImmutableArray<CausalScorer> outside;
    private readonly ImmutableArray<IScorer> scorers;
    private readonly LikelihoodUnits per;
    private readonly MauveReference? reference;
    private readonly HashSet<string>? words;

    private ScorerSet(RunSpec spec, Dataset data, TrainedModel? network, DataLibrary library)
    {
        this.network = network;
        per = new LikelihoodRows(data.Tokenizer).Units;
        var vocabulary = data.Vocabulary;
        // A text of characters fits into memory; one of tokens may be as large as OpenWebText.
        bool isWhole = data.Tokenizer.IsCharacterwise || data.Train.Count <= MostCounted;
        var train = new int[isWhole ? data.Train.Count : MostCounted];
        data.Train.CopyTo(0, train);
        outside = [.. spec.Sampling.Scorers.Select(named => Outside(named, library))];
        scorers =
        [
            new NGramScorer(WittenBell.Fit(train, vocabulary.TokenCount, data.Tokenizer.IsCharacterwise ? Order : TokenOrder),
                fitted: isWhole ? null : $"the first {MostCounted} tokens of the training text"),
            .. network is null
                ? []
                : new[] { new NetworkScorer(Network, network.Network, new NextToken(vocabulary.MaskId), TorchEnvironment.Device) },
            .. outside.Select(scorer => new PretrainedScorer(scorer)),
            .. spec.Data.Source.ExactNats(train.AsSpan(0, 1)) is null
                ? []
                : new[] { new TrueDistribution(vocabulary.TokenCount, tokens => spec.Data.Source.ExactNats(tokens)!.Value) },
        ];
        var test = new EvaluationChunks(data.Test, spec.Data.Length, spec.Evaluation.Sequences);
        Real = [.. Enumerable.Range(0, test.Count).Select(i => GeneratedText.Of(test.Read(i), data.Tokenizer))];
        if (network is not null)
            reference =
                new MauveReference(new NetworkFeatures(Network, network.Network, vocabulary.MaskId, TorchEnvironment.Device), Real);
        if (isWhole && data.Tokenizer is not NumberedSymbols)
            words = [.. data.Tokenizer.Decode(train).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Text of the test split, cut as the generated one is.</summary>
    public ImmutableArray<GeneratedText> Real { get; }

    /// <summary>Why the scoring network of a run cannot score yet; null where it can, or where there is none.</summary>
    public static string? Lacks(RunSpec spec, Dataset data, RunStore store)
    {
        if (spec.Scorer is null)
            return null;
        var scorer = spec.Scorer.Definition(data.Hash);
        string folder = store.FolderOf(scorer);
        return store.StatusOf(scorer) switch
        {
            { State: RunState.Finished } =>
                Checkpoints.NewestStep(folder) is null
                    ? $"its scoring network has no checkpoint, as copied results have none; delete {folder} and run the same command again"
                    : null,
            { State: RunState.Failed } failed => $"its scoring network failed ({failed.Reason}); mend that and add --retry",
            _ => "its scoring network is not trained yet",
        };
    }

    /// <summary>The scorers of a run whose scorer <see cref="Lacks"/> nothing.</summary>
    /// <exception cref="SuiteException">A scorer cannot be loaded.</exception>
    public static ScorerSet Of(RunSpec spec, Dataset data, RunStore store, DataLibrary library)
    {
        if (spec.Scorer is null)
            return new ScorerSet(spec, data, network: null, library);
        var scorer = TrainedModel.Load(store.FolderOf(spec.Scorer.Definition(data.Hash)));
        try
        {
            return new ScorerSet(spec, data, scorer, library);
        }
        catch
        {
            scorer.Dispose();
            throw;
        }
    }

    /// <summary>Measures generated text.</summary>
    /// <param name="draws">Of resamples and clusters.</param>
    public GenerationQuality Quality(RandomStream draws) =>
        new(draws) { Scorers = scorers, Per = per, Vocabulary = words, Reference = reference };

    private static CausalScorer Outside(string named, DataLibrary library)
    {
        var problems = new List<Problem>();
        TorchEnvironment.Require();
        return PretrainedScorers.TryMake(named, $"sampling.{SamplingKeys.Scorers.Name}", library.Packages, problems)
            ?? throw new SuiteException(string.Join(' ', problems.Select(problem => problem.What)), problems[0].Fix);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        network?.Dispose();
        foreach (var scorer in outside)
            scorer.Dispose();
    }
}
