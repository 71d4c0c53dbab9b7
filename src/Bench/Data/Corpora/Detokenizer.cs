using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Bench.Data.Corpora;

/// <summary>
/// Undoes the tokenization that benchmark texts are distributed in (spaces around punctuation, <c>@-@</c>, <c>&lt;unk&gt;</c>), as the
/// programs of SEDD, MDLM, BD3-LM and Duo do before GPT-2's tokenizer reads them: zero-shot perplexities depend on it.
/// </summary>
/// <param name="Name">As a table of texts names it.</param>
/// <param name="Steps">Replacements in their order.</param>
public sealed partial record Detokenizer(string Name, ImmutableArray<Func<string, string>> Steps)
{
    private static readonly (string From, string To)[] Punctuation =
        [(" : ", ": "), (" ; ", "; "), (" . ", ". "), (" ! ", "! "), (" ? ", "? "), (" , ", ", ")];

    /// <summary>Leaves a text as it is.</summary>
    public static Detokenizer None { get; } = new("none", []);

    /// <summary>WikiText-2 and -103.</summary>
    public static Detokenizer WikiText { get; } = new(
        "wikitext",
        [
            .. Literal(("s '", "s'"), (" @-@ ", "-"), (" @,@ ", ","), (" @.@ ", ".")),
            .. Literal(Punctuation),
            text => Parentheses().Replace(text, "($1)"),
            text => Brackets().Replace(text, "[$1]"),
            text => Braces().Replace(text, "{$1}"),
            text => DoubleQuotes().Replace(text, "\"$1\""),
            text => SingleQuotes().Replace(text, "'$1'"),
            .. Literal(("= = = =", "===="), ("= = =", "==="), ("= =", "=="), (" ° ", "°"), (" \n", "\n"), ("\n ", "\n"), (" N ", " 1 "),
                (" 's", "'s")),
        ]);

    /// <summary>The Penn Treebank.</summary>
    public static Detokenizer Ptb { get; } = new(
        "ptb",
        [
            .. Literal((" 's", "'s"), ("s ' ", "s' "), (" n't", "n't"), (" \n ", "\n"), ("\\/", "/")),
            // Neighbouring numbers share their space, of which one replacement sees every second.
            .. Literal([.. Enumerable.Repeat((" N ", " 1 "), 10)]),
            .. Literal(("$ 1", "$1"), ("# 1", "#1"), ("<unk>", "?")),
        ]);

    /// <summary>The one-billion-word benchmark.</summary>
    public static Detokenizer Lm1b { get; } = new(
        "lm1b",
        [
            .. Literal(("http : / / ", "http://"), ("https : / / ", "https://")),
            text => Apostrophe().Replace(text, "'$1"),
            text => Stop().Replace(text, " $1. "),
            text => LastStop().Replace(text, " $1."),
            .. Literal((" ? ", "? ")),
            text => LastQuestion().Replace(text, "?"),
            .. Literal((" ! ", "! ")),
            text => LastExclamation().Replace(text, "!"),
            .. Literal((" , ", ", "), (" : ", ": "), (" ; ", "; "), (" / ", "/")),
            text => SpacedDoubleQuotes().Replace(text, "\"$1\""),
            text => SpacedSingleQuotes().Replace(text, "'$1'"),
            text => SpacedParentheses().Replace(text, "($1)"),
            text => SpacedBrackets().Replace(text, "[$1]"),
            .. Literal(("$ ", "$"), ("£ ", "£")),
        ]);

    /// <summary>LAMBADA: straight quotation marks, and a line break in front.</summary>
    public static Detokenizer Lambada { get; } = new(
        "lambada", [.. Literal(("“", "\""), ("”", "\"")), text => "\n" + text.Trim()]);

    /// <summary>PubMed and arXiv articles.</summary>
    public static Detokenizer ScientificPapers { get; } = new("scientific-papers", [.. WikiText.Steps, .. Lm1b.Steps]);

    /// <summary>All of them.</summary>
    public static ImmutableArray<Detokenizer> All { get; } = [None, WikiText, Ptb, Lm1b, Lambada, ScientificPapers];

    /// <summary>A text as it reads without its tokenization.</summary>
    public string Apply(string text) => Steps.Aggregate(text, (made, step) => step(made));

    private static IEnumerable<Func<string, string>> Literal(params (string From, string To)[] replacements) =>
        replacements.Select(each => (Func<string, string>)(text => text.Replace(each.From, each.To, StringComparison.Ordinal)));

    [GeneratedRegex(@"\(\s*([^)]*?)\s*\)")]
    private static partial Regex Parentheses();

    [GeneratedRegex(@"\[\s*([^\]]*?)\s*\]")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"\{\s*([^}]*?)\s*\}")]
    private static partial Regex Braces();

    [GeneratedRegex("\"\\s*([^\"]*?)\\s*\"")]
    private static partial Regex DoubleQuotes();

    [GeneratedRegex(@"'\s*([^']*?)\s*'")]
    private static partial Regex SingleQuotes();

    [GeneratedRegex(@" '(\w+)")]
    private static partial Regex Apostrophe();

    [GeneratedRegex(@" (\w+) \. ")]
    private static partial Regex Stop();

    [GeneratedRegex(@" (\w+) \.$")]
    private static partial Regex LastStop();

    [GeneratedRegex(@" \?$")]
    private static partial Regex LastQuestion();

    [GeneratedRegex(@" !$")]
    private static partial Regex LastExclamation();

    [GeneratedRegex("\" ([^\"]+) \"")]
    private static partial Regex SpacedDoubleQuotes();

    [GeneratedRegex("' ([^']+) '")]
    private static partial Regex SpacedSingleQuotes();

    [GeneratedRegex(@"\( ([^()]+) \)")]
    private static partial Regex SpacedParentheses();

    [GeneratedRegex(@"\[ ([^\[\]]+) \]")]
    private static partial Regex SpacedBrackets();
}
