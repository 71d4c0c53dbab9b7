using System.Collections.Immutable;
using Bench.Data;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Kernels;
using Bench.Methods;
using Bench.Published;
using Bench.Results;

namespace Bench.Experiments.Definitions;

/// <summary>What a checkpoint settles of a definition.</summary>
/// <param name="Source">The checkpoint, every answer filled in.</param>
/// <param name="Method">Its method.</param>
/// <param name="Model">Its network.</param>
/// <param name="Data">The data, in its tokens and of its length.</param>
/// <param name="Assumed">What the file left open or what differs from it, and how it was settled.</param>
internal sealed record Import(
    CheckpointSource Source, NetworkMethod Method, ModelSpec Model, DataSpec Data, ImmutableArray<string> Assumed);

/// <summary>Reads definitions whose network is not trained but imported.</summary>
/// <param name="report">Takes problems: all that is open is asked for at once.</param>
internal sealed class ImportReader(Diagnostics report)
{
    /// <summary>What the checkpoint settles; null where something is open or wrong.</summary>
    /// <param name="values">The section <c>source</c>.</param>
    /// <param name="data">The data as written; null where something is wrong with it.</param>
    /// <param name="experiment">The definition.</param>
    public Import? Read(Values values, DataSpec? data, Values experiment)
    {
        foreach (var key in (Key[])[ExperimentKeys.Method, ExperimentKeys.Methods, ExperimentKeys.Model, ExperimentKeys.Training])
        {
            if (experiment.IsWritten(key))
                report.Add(experiment.At(key), $"{key.Name} and source are both there, but the checkpoint brings its own",
                    $"Leave {key.Name} out, or source.");
        }

        if (!values.IsWritten(SourceKeys.File))
        {
            report.Add(values.At(SourceKeys.File), "source.checkpoint is missing", $"Add 'checkpoint': {SourceKeys.File.Kind.Expected}.");
            return null;
        }

        if (!values.Has(SourceKeys.File))
            return null;
        if (Engine.Problem is { } lack)
        {
            report.Add(values.At(SourceKeys.File), lack, "'bench doctor' shows what was found.");
            return null;
        }

        int before = report.Count;
        var source = SourceKeys.Section.Make(SourceKeys.Blank, values);
        var at = values.At(SourceKeys.File);
        using var checkpoint = Checkpoint.Open(source.File.Path);
        Weights(source, checkpoint, at);
        if (values.IsWritten(SourceKeys.Family) && !values.Has(SourceKeys.Family))
            return null; // a name that is none was reported
        List<Problem> problems = [];
        var network = PublishedNetwork.Of(checkpoint, source.Answers, problems);
        var fitted = network is null || data is null ? data : Fit(data, experiment.Get(ExperimentKeys.Data), network, at);
        var published = network is null ? null : Method(network, checkpoint, fitted?.Length ?? network.Length ?? 1, problems);
        foreach (var problem in problems)
            report.Add(at, $"{problem.Where} {problem.What}", problem.Fix);
        if (report.Count > before || published is null || fitted is null)
            return null;
        bool generates = experiment.Get(ExperimentKeys.Sampling).Get(SamplingKeys.Count, 0) > 0;
        var method = published.Method with { Title = source.Title ?? published.Method.Title };
        method = method with { Composition = method.Composition ?? RowComponents.Of(method, fitted.Length).ToJsonString() };
        CompatibilityCheck.Check(
            method, new(at, at, at, at, at, at), fitted.Tokenizer.Vocabulary, fitted.Length, steps: null, "source", report,
            new(ClampsSigma: published.Shape.MostSigma < Backbone.DditShape.UsualMostSigma, Generates: generates));
        return report.Count > before
            ? null
            : new(
                source with { Family = network!.Family == CheckpointFamily.Own ? null : network.Family.Name }, method,
                ModelSpec.Of(published.Shape), fitted, [.. Assumed(source, network, published, checkpoint)]);
    }

    // An export of the suite brings its method; that of others follows from their family.
    private static PublishedMethod? Method(PublishedNetwork network, Checkpoint checkpoint, int length, List<Problem> problems)
    {
        if (network.Own is not { } own)
            return PublishedMethod.Of(network, checkpoint.File, length, problems);
        try
        {
            return new(MethodReader.Restore(PublishedMethod.NameOf(own.Method), own.Title, own.Components), network.Shape, Note: null);
        }
        catch (Exception refused) when (refused is SuiteException or System.Text.Json.JsonException or InvalidOperationException)
        {
            problems.Add(
                new(checkpoint.File, $"was exported with components that cannot be read: {refused.Message}", "Export the run again."));
            return null;
        }
    }

    private void Weights(CheckpointSource source, Checkpoint checkpoint, Node at)
    {
        if (source.Averages is null && !checkpoint.Averages.IsDefault)
            report.Add(at, $"{checkpoint.File} holds two sets of weights, raw ones and their moving average",
                "Say weights: ema or weights: raw (--ema, --raw).");
        else if (source.Averages == true && checkpoint.Averages.IsDefault)
            report.Add(at, $"{checkpoint.File} holds one set of weights, no EMA beside it", "Leave weights out (--ema).");
    }

    // The tokenizer of as many tokens, and the length of training, where neither is written.
    private DataSpec? Fit(DataSpec data, Values written, PublishedNetwork network, Node at)
    {
        int before = report.Count, tokens = network.Shape.Vocabulary - 1;
        string known = string.Join(", ", data.Source.Tokenizers.Select(each => $"{each.Name} ({each.Vocabulary.TokenCount})"));
        var tokenizer = data.Tokenizer;
        if (!written.IsWritten(DataKeys.Tokenizer))
            tokenizer = (network.Own is { } exported ? data.Source.TokenizerOf(exported.Tokenizer) : null)
                ?? data.Source.Tokenizers.FirstOrDefault(each => each.Vocabulary.TokenCount == tokens) ?? tokenizer;
        if (tokenizer.Vocabulary.TokenCount != tokens || (network.Own is { } own && own.Tokenizer != tokenizer.Name))
        {
            report.Add(
                written.IsWritten(DataKeys.Tokenizer) ? written.At(DataKeys.Tokenizer) : at,
                $"the checkpoint's vocabulary {(network.Own is null ? "" : $"({network.Own.Tokenizer}) ")}has {tokens} tokens"
                    + $"{(network.MaskId is null ? "" : " and a mask")}, and the tokenizer "
                    + $"{tokenizer.Name} has {tokenizer.Vocabulary.TokenCount}",
                $"Use a text and a tokenizer of {tokens} tokens; of {data.Corpus}: {known}.");
        }
        else if (network.EndOfText is { } end && end != tokenizer.Separator)
        {
            report.Add(
                written.IsWritten(DataKeys.Tokenizer) ? written.At(DataKeys.Tokenizer) : at,
                $"the checkpoint's texts end in token {end}, and those of the tokenizer {tokenizer.Name} in {tokenizer.Separator}",
                $"Use the tokenizer that the network was trained with; of {data.Corpus}: {known}.");
        }

        int length = data.Length;
        if (!written.IsWritten(DataKeys.Length))
        {
            if (network.Length is { } stated)
                length = stated;
            else
                report.Add(at, "the checkpoint does not state the length of its sequences", "Say data.length (--length), such as 1024.");
        }

        if (length > network.Shape.LearnedPositions)
        {
            report.Add(
                written.IsWritten(DataKeys.Length) ? written.At(DataKeys.Length) : at,
                $"data.length is {length}, and the network has learned {network.Shape.LearnedPositions} positions",
                $"Use at most {network.Shape.LearnedPositions}.");
        }

        return report.Count > before ? null : data with { Tokenizer = tokenizer, Length = length };
    }

    private static IEnumerable<string> Assumed(
        CheckpointSource source, PublishedNetwork network, PublishedMethod published, Checkpoint checkpoint)
    {
        yield return network.Own is { } own ? $"exported from a run of {own.Method}"
            : source.Family is null ? $"family {network.Family.Name}: stated by {checkpoint.Config.Source.Split('/')[^1]}"
            : $"family {network.Family.Name}: answered";
        yield return source.Averages switch
        {
            true => "weights: EMA, answered",
            false when !checkpoint.Averages.IsDefault => "weights: raw, answered",
            _ => "weights: the only set",
        };
        if (source.BlockSize is { } width)
            yield return $"blocks of {width}: answered";
        if (source.Heads is { } heads)
            yield return $"heads {heads}: answered";
        foreach (string note in network.Notes.Append(published.Note).OfType<string>())
            yield return note;
    }
}
