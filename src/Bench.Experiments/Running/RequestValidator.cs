using System.Collections.Immutable;
using System.Text;
using Bench.Backbone;
using Bench.Data.Tokenizers;
using Bench.Experiments.Definitions.Components;
using Bench.Results;
using Bench.Sampling;

namespace Bench.Experiments.Running;

/// <summary>Looks for everything in a request that does not fit a trained network.</summary>
internal sealed class RequestValidator(TrainedModel model, TextRequest request)
{
    private readonly List<Problem> problems = [];

    public FittedRequest Fit()
    {
        bool infills = request.Infill is not null;
        var (prompt, infill) = (Read("--prompt", request.Prompt, gaps: false), Read("--infill", request.Infill, gaps: true));
        if (request.Prompt is not null && infills)
            Add("--infill", "a text cannot have a prompt and gaps to fill at once",
                "Write --infill alone; tokens before its first gap are a prompt.");
        var given = infills ? infill : prompt;
        var ending = Ending();
        int length = request.Length ?? (infills && given.Length > 0 ? given.Length : model.Length), window = Math.Min(length, model.Length);
        Check(given, infills, length, window, ending);
        var setup = model.Method.Setup(model.Tokenizer.Vocabulary, window, request.Steps ?? model.Steps);
        Check(setup);
        var sampler = Guided(Sampler(setup), setup, length > window);
        return new(problems.Count == 0 ? new TextGenerator(model, request, setup, sampler, length, given, ending) : null, [.. problems]);
    }

    private ImmutableArray<int?> Read(string option, string? text, bool gaps)
    {
        if (text is null)
            return [];
        try
        {
            var tokens = GivenText.Tokens(model.Tokenizer, text, gaps);
            if (gaps && tokens.IsEmpty)
                Add(option, "it is empty", "Write a text with gaps, such as --infill \"the ____ of the union\".");
            return tokens;
        }
        catch (SuiteException stranger)
        {
            Add(option, stranger.Message, stranger.Fix);
            return [];
        }
    }

    private ImmutableArray<int> Ending()
    {
        if (request.Until is not { } text)
            return [];
        try
        {
            int[] tokens = GivenText.Piece(model.Tokenizer, text, inside: true);
            if (tokens.Length == 0)
                Add("--until", "it is empty, so every text would end at once",
                    "Write the text behind which texts end, such as --until \" the end \".");
            return [.. tokens];
        }
        catch (SuiteException stranger)
        {
            Add("--until", stranger.Message, stranger.Fix);
            return [];
        }
    }

    private void Check(ImmutableArray<int?> given, bool infills, int length, int window, ImmutableArray<int> ending)
    {
        string option = infills ? "--infill" : "--prompt";
        if (given.Length > window)
        {
            Add(option, $"it has {given.Length} tokens, but {(window < model.Length ? "--length" : "the network's window")} is {window}",
                $"Write {(infills ? "at most" : "fewer than")} {window}.{Characters()}");
            return;
        }

        if (given.Length == length && !given.Contains(null))
        {
            string more = infills
                ? $"Put a gap into it, an underscore a token, or a --length above {length}."
                : $"Write fewer than {length} tokens, or a --length above that.";
            Add(option, "it leaves nothing to generate", more + Characters());
        }

        // A gap is no token, and no ending contains one.
        int?[] end = [.. ending.Select(token => (int?)token)];
        if (end.Length > 0 && given.AsSpan().IndexOf(end) >= 0)
            Add("--until", $"{option} has it already, so every text would end at once", "Name an ending that is not given.");
    }

    private void Check(DiffusionSetup setup)
    {
        if (request.Steps is { } steps && steps != setup.Hyperschedule.Steps && !model.Method.LeavesSteps(setup.Hyperschedule.Length))
            Add("--steps",
                $"{model.Method.Name} leaves no choice: on {setup.Hyperschedule.Length} tokens it takes {setup.Hyperschedule.Steps} steps",
                "Leave --steps out.");
    }

    private ISampler Sampler(DiffusionSetup setup)
    {
        if (request.Sampler is not { } name)
        {
            // Imported networks may have scores that no sampler starts from.
            if (model.Method.Sampler.Misfit(setup) is { } unfit)
                Add("--sampler", $"this network cannot be sampled from: {unfit}", "'bench eval' measures it all the same.");
            return model.Method.Sampler;
        }

        if (SamplerTable.Find(name) is not { } found)
        {
            Add("--sampler", SamplerTable.Problem(name)!, Spelling.Advice(name, SamplerTable.Names, "samplers"));
            return model.Method.Sampler;
        }

        var sampler = SamplerChoice.For(model.Method, found);
        if ((SamplerChoice.Misreads(model.Method, sampler) ?? sampler.Misfit(setup)) is { } reason)
        {
            string[] fitting = [.. SamplerTable.Names.Where(other => SamplerChoice.Find(model.Method, other, setup) is not null)];
            Add("--sampler", $"'{name}' is not made for {model.Method.Name}: {reason}",
                (fitting.Length > 0 ? $"Use one of {string.Join(", ", fitting)}, or l" : "L") + "eave --sampler out.");
        }

        return sampler;
    }

    private ISampler Guided(ISampler sampler, DiffusionSetup setup, bool slides)
    {
        const string Option = "--guidance";
        if (request.Guidance is not { } text)
            return sampler;
        if (slides)
            Add(Option, "rewards are of whole texts, but texts of that length are generated window by window",
                $"Write a --length of at most {model.Length}, or leave --guidance out.");
        var guidance = GuidanceKind.Read(text, Option, out var found);
        problems.AddRange(found);
        if (guidance is null)
            return sampler;
        var (guided, problem, fix) = GuidanceChoice.For(guidance, sampler, model.Task, model.Tokenizer, setup);
        if (guided is null)
            Add(Option, problem, fix);
        return guided ?? sampler;
    }

    private string Characters() =>
        !model.Tokenizer.IsCharacterwise
            ? " A token is often a piece of a word here."
            : model.Tokenizer.Decode([1, 1]).Length == 2 ? " A token is a character here." : "";

    private void Add(string option, string what, string fix) => problems.Add(new(option, what, fix));
}

/// <summary>
/// Text given by the user as tokens of a vocabulary: normalised as the corpus is, but for gaps, and for spaces at its end. Where a token is
/// a piece of text with its space in front, as among byte pairs, the last space before a gap or the end is left to the token that follows.
/// </summary>
public static class GivenText
{
    /// <summary>What stands for a token that is to be generated.</summary>
    public const char Gap = '_';

    /// <summary>The tokens of a text; null is a gap.</summary>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="gaps">Whether underscores are gaps. Otherwise they are punctuation.</param>
    /// <exception cref="SuiteException">The vocabulary does not contain it.</exception>
    public static ImmutableArray<int?> Tokens(ITokenizer tokenizer, string text, bool gaps)
    {
        var tokens = ImmutableArray.CreateBuilder<int?>();
        foreach (var (i, piece) in (gaps ? text.Split(Gap) : [text]).Index())
        {
            if (i > 0)
                tokens.Add(null);
            tokens.AddRange(Piece(tokenizer, piece, inside: i > 0).Select(token => (int?)token));
        }

        return tokens.ToImmutable();
    }

    /// <summary>
    /// The tokens of a piece of text. With an alphabet it is encoded between two other tokens, which are then taken away: so spaces at its
    /// ends survive as one. Byte pairs would merge with them, and lose no space.
    /// </summary>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="inside">Whether something stands before it; else a space in front means nothing.</param>
    /// <exception cref="SuiteException">The vocabulary does not contain it.</exception>
    public static int[] Piece(ITokenizer tokenizer, string text, bool inside)
    {
        if (!tokenizer.IsCharacterwise)
            return tokenizer.Encode(text.EndsWith(' ') ? text[..^1] : text);
        foreach (var rune in text.EnumerateRunes().Where(rune => Rune.IsLetterOrDigit(rune) && rune.Value >= 128))
        {
            if (tokenizer.Encode(rune.ToString()).Length == 0)
                throw new SuiteException($"'{rune}' is not in the vocabulary {tokenizer.Vocabulary.Name}",
                    "Write it with letters from a to z.");
        }

        string letter = tokenizer.Decode([1]), pair = tokenizer.Decode([1, 1]);
        string space = pair[letter.Length..^letter.Length]; // the separator of tokens; empty where a token is a character
        int[] tokens = tokenizer.Encode((inside ? letter + space : "") + text + space + letter);
        return tokens[(inside ? 1 : 0)..^1];
    }
}
