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
            Add("--infill", "a text cannot have a prompt and gaps to fill at once", "Write --infill alone; words before its first gap are a prompt.");
        var given = infills ? infill : prompt;
        var ending = Ending();
        int length = request.Length ?? (infills && given.Length > 0 ? given.Length : model.Length), window = Math.Min(length, model.Length);
        Check(given, infills, length, window, ending);
        var setup = model.Method.Setup(model.Tokenizer.Vocabulary, window, request.Steps ?? model.Steps);
        Check(setup);
        var sampler = Sampler(setup);
        return new(problems.Count == 0 ? new TextGenerator(model, request, setup, sampler, length, given, ending) : null, [.. problems]);
    }

    private ImmutableArray<int?> Read(string option, string? text, bool gaps)
    {
        if (text is null)
            return [];
        try
        {
            var words = GivenText.Words(model.Tokenizer, text, gaps);
            if (gaps && words.IsEmpty)
                Add(option, "it is empty", "Write a text with gaps, such as --infill \"the ____ of the union\".");
            return words;
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
            int[] words = GivenText.Piece(model.Tokenizer, text, inside: true);
            if (words.Length == 0)
                Add("--until", "it is empty, so every text would end at once", "Write the words behind which texts end, such as --until \" the end \".");
            return [.. words];
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
            Add(option, $"it has {given.Length} words, but {(window < model.Length ? "--length" : "the network's window")} is {window}", $"Write {(infills ? "at most" : "fewer than")} {window}.{Characters()}");
            return;
        }

        if (given.Length == length && !given.Contains(null))
        {
            string more = infills ? $"Put a gap into it, an underscore a word, or a --length above {length}." : $"Write fewer than {length} words, or a --length above that.";
            Add(option, "it leaves nothing to generate", more + Characters());
        }

        // A gap is no word, and no ending contains one.
        int?[] end = [.. ending.Select(word => (int?)word)];
        if (end.Length > 0 && given.AsSpan().IndexOf(end) >= 0)
            Add("--until", $"{option} has it already, so every text would end at once", "Name an ending that is not given.");
    }

    private void Check(DiffusionSetup setup)
    {
        if (request.Steps is { } steps && steps != setup.Hyperschedule.Steps && !model.Method.LeavesSteps(setup.Hyperschedule.Length))
            Add("--steps", $"{model.Method.Name} leaves no choice: on {setup.Hyperschedule.Length} words it takes {setup.Hyperschedule.Steps} steps", "Leave --steps out.");
    }

    private ISampler Sampler(DiffusionSetup setup)
    {
        if (request.Sampler is not { } name)
            return model.Method.Sampler;
        if (SamplerTable.Find(name) is not { } found)
        {
            Add("--sampler", SamplerTable.Problem(name)!, Spelling.Advice(name, SamplerTable.Names, "samplers"));
            return model.Method.Sampler;
        }

        var sampler = SamplerChoice.For(model.Method, found);
        if ((SamplerChoice.Misreads(model.Method, sampler) ?? sampler.Misfit(setup)) is { } reason)
        {
            string[] fitting = [.. SamplerTable.Names.Where(other => SamplerChoice.Find(model.Method, other, setup) is not null)];
            Add("--sampler", $"'{name}' is not made for {model.Method.Name}: {reason}", (fitting.Length > 0 ? $"Use one of {string.Join(", ", fitting)}, or l" : "L") + "eave --sampler out.");
        }

        return sampler;
    }

    private string Characters() => !model.Tokenizer.IsCharacterwise ? " A word is a token here, often a piece of a word." : model.Tokenizer.Decode([1, 1]).Length == 2 ? " A word is a character here." : "";

    private void Add(string option, string what, string fix) => problems.Add(new(option, what, fix));
}

/// <summary>
/// Text that somebody typed, in the words of a vocabulary: normalised as the corpus is, but for gaps, and for spaces at its end. Where a word is a piece of text with its
/// space in front, as among byte pairs, the last space before a gap or the end is left to the word that comes there.
/// </summary>
public static class GivenText
{
    /// <summary>What stands for a word that is to be found.</summary>
    public const char Gap = '_';

    /// <summary>The words of a text; null is a gap.</summary>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="gaps">Whether underscores are gaps. Otherwise they are punctuation.</param>
    /// <exception cref="SuiteException">The vocabulary cannot say it.</exception>
    public static ImmutableArray<int?> Words(ITokenizer tokenizer, string text, bool gaps)
    {
        var words = ImmutableArray.CreateBuilder<int?>();
        foreach (var (i, piece) in (gaps ? text.Split(Gap) : [text]).Index())
        {
            if (i > 0)
                words.Add(null);
            words.AddRange(Piece(tokenizer, piece, inside: i > 0).Select(word => (int?)word));
        }

        return words.ToImmutable();
    }

    /// <summary>
    /// The words of a piece of text. Of an alphabet it is encoded between two other words, which are then taken away: so spaces at its ends survive as one. Byte pairs would merge
    /// with them, and lose no space.
    /// </summary>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="inside">Whether something stands before it; else a space in front means nothing.</param>
    /// <exception cref="SuiteException">The vocabulary cannot say it.</exception>
    public static int[] Piece(ITokenizer tokenizer, string text, bool inside)
    {
        if (!tokenizer.IsCharacterwise)
            return tokenizer.Encode(text.EndsWith(' ') ? text[..^1] : text);
        foreach (var rune in text.EnumerateRunes().Where(rune => Rune.IsLetterOrDigit(rune) && rune.Value >= 128))
        {
            if (tokenizer.Encode(rune.ToString()).Length == 0)
                throw new SuiteException($"'{rune}' is not in the vocabulary {tokenizer.Vocabulary.Name}", "Write it with letters from a to z.");
        }

        string word = tokenizer.Decode([1]), pair = tokenizer.Decode([1, 1]);
        string space = pair[word.Length..^word.Length]; // what stands between words; nothing, where a word is a character
        int[] words = tokenizer.Encode((inside ? word + space : "") + text + space + word);
        return words[(inside ? 1 : 0)..^1];
    }
}
