using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using System.Text;
using Bench.Reporting.Figures;
using Bench.Reporting.Tables;

namespace Bench.Reporting.Paper;

/// <summary>
/// <c>README.md</c> of the paper's figures and tables: for each what it is in the paper, what it is here and what differs; and what is not made.
/// </summary>
internal static class PaperIndex
{
    // Said once, in one place: nothing here depends on results.
    private static readonly ImmutableArray<(string What, string Why)> NotMade =
    [
        ("The hybrids' test perplexity on OpenWebText and LM1B",
            "needs the paper's models (12 layers of 768, about a million steps on several GPUs); the paper's own numbers could not be " +
                "recovered either, so no column shows them"),
        ("Perplexity under GPT-2 large",
            "a scorer of GPT-2 tokens cannot score characters; ours is a network that was trained apart, on the same kind of text"),
        ("MAUVE at the paper's scale",
            "the paper's sample counts and settings are not known; ours are in the protocols of the report"),
        ("The appendices", "their text could not be recovered; what they ablate is not known"),
    ];

    public static string Write(ImmutableArray<PaperItem> items)
    {
        var text = new StringBuilder("""
            # Figures and tables of the paper

            Made by `bench figures` from the results that there are, and from nothing else. The paper is *Unifying Autoregressive
            and Diffusion-Based Sequence Generation* (Fathi, Scholak, Noël; HDLM, arXiv 2504.06416). Its items are named by what they show.
            Ours are small models of characters: what can be compared is ranks and trends, never values, and published numbers
            stand in columns of their own. Each item is there as data (`data/`, `tables/*.csv`) and as SVG, PDF and PNG, or Markdown and LaTeX.


            """.ReplaceLineEndings("\n"));
        foreach (var item in items)
            Write(text, item);
        text.Append("## What is not made\n\n");
        foreach (var (what, why) in NotMade)
            text.Append($"- **{what}**: {MarkdownTable.Escape(why)}.\n");
        return text.ToString();
    }

    private static void Write(StringBuilder text, PaperItem item)
    {
        text.Append($"## {MarkdownTable.Escape(item.Title)}\n\n");
        text.Append($"- In the paper: {MarkdownTable.Escape(item.There)}\n- Here: {MarkdownTable.Escape(item.Here)}\n" +
            $"- What differs: {MarkdownTable.Escape(item.Differs)}\n");
        if (!item.IsMade)
            text.Append("- **Not made yet**: no finished run has what it needs. Run `make reproduce`, then `bench figures` again.\n");
        text.Append('\n');
        foreach (var figure in item.Figures)
        {
            text.Append($"![{MarkdownTable.Escape(item.Title)}](figures/{figure.Name}.svg)\n\n{MarkdownTable.Escape(figure.Caption)} ");
            text.AppendJoin(" ", Figure.Formats.Select(format => $"[{format.ToUpperInvariant()}](figures/{figure.Name}.{format})"));
            text.Append(string.Concat(figure.Data.Keys.Select(file => $" [{Path.GetFileNameWithoutExtension(file)}](data/{file})")))
                .Append("\n\n");
        }

        foreach (var table in item.Tables)
            text.Append(MarkdownTable.Write(table)).Append($"\n[CSV](tables/{table.Name}.csv) [LaTeX](tables/{table.Name}.tex)\n\n");
    }
}

/// <summary>A figure or table of the paper, and what there is of it here.</summary>
/// <param name="Title">What it shows. The paper's numbers of figures and tables are not known for all, so none is used.</param>
/// <param name="There">What it is in the paper.</param>
/// <param name="Here">What ours shows.</param>
/// <param name="Differs">In what ours is another thing.</param>
internal sealed record PaperItem(string Title, string There, string Here, string Differs)
{
    public ImmutableArray<Figure> Figures { get; init; } = [];

    /// <summary>None where no result has been made yet that it needs.</summary>
    public ImmutableArray<Table> Tables { get; init; } = [];

    public bool IsMade => Figures.Length + Tables.Length > 0;
}
