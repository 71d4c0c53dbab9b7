using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Styles;
using Bench.Reporting.Paper;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Validity;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Reporting;

/// <summary>The figures and tables of the paper (HDLM, arXiv 2504.06416) that our scale allows.</summary>
public static class PaperFigures
{
    /// <summary>
    /// Makes all of them, each with its data, and an index that says what each shows and what differs. Those that need results
    /// which are not there yet are left out, and the index says so.
    /// </summary>
    /// <param name="resultsRoot">Holds <c>runs/&lt;experiment&gt;/&lt;id&gt;/</c>.</param>
    /// <param name="publishedRoot">Holds the published numbers.</param>
    /// <param name="figuresRoot">Holds the style file of figures.</param>
    /// <param name="outputRoot">Where they go.</param>
    /// <param name="pictures">Those that need no results.</param>
    /// <returns>Everything written, relative to the output; the index comes first.</returns>
    /// <exception cref="SuiteException">
    /// A number of the results is impossible, a file is damaged, the style file has a mistake, or the output cannot be written.
    /// </exception>
    public static ImmutableArray<string> Build(
        string resultsRoot, string publishedRoot, string figuresRoot, string outputRoot, PaperPictures pictures)
    {
        var style = StyleFile.Load(figuresRoot);
        var inputs =
            Inputs.Now(resultsRoot, publishedRoot, figuresRoot, [],
                [pictures.Hyperschedules, pictures.AttentionMasks, pictures.TrainingMasks, pictures.NoiseProcesses]);
        var items = Items(Comparisons(resultsRoot).FirstOrDefault(), publishedRoot, outputRoot, pictures);

        var output = new ReportFolder(outputRoot);
        output.Write("README.md", PaperIndex.Write(items));
        foreach (var table in items.SelectMany(item => item.Tables))
            output.Write(table);
        output.Draw(style, items.SelectMany(item => item.Figures));
        output.Write(Inputs.Name, Inputs.Text(inputs));
        return output.Finish();
    }

    /// <summary>Draws one figure alone, of the paper or of the report; everything else in the folder stays as it is.</summary>
    /// <param name="resultsRoot">Holds <c>runs/&lt;experiment&gt;/&lt;id&gt;/</c>.</param>
    /// <param name="publishedRoot">Holds the published numbers.</param>
    /// <param name="figuresRoot">Holds the style file of figures.</param>
    /// <param name="outputRoot">Where it goes.</param>
    /// <param name="pictures">Those of the paper that need no results.</param>
    /// <param name="name">Of its files, without an ending.</param>
    /// <returns>What was written, relative to the output; none where there is no such figure. And the names of all that can be
    /// drawn.</returns>
    /// <exception cref="SuiteException">
    /// A number of the results is impossible, a file is damaged, the style file has a mistake, or the output cannot be written.
    /// </exception>
    public static (ImmutableArray<string> Files, ImmutableArray<string> Known) Only(
        string resultsRoot, string publishedRoot, string figuresRoot, string outputRoot, PaperPictures pictures, string name)
    {
        var style = StyleFile.Load(figuresRoot);
        var comparisons = Comparisons(resultsRoot);
        List<Figure> all =
        [
            .. Items(comparisons.FirstOrDefault(), publishedRoot, outputRoot, pictures).SelectMany(item => item.Figures),
            .. comparisons.SelectMany(comparison => ReportFigures.Of(comparison).All),
        ];
        ImmutableArray<string> known = [.. all.Select(figure => figure.Name).Order(StringComparer.Ordinal)];
        if (all.Find(figure => figure.Name == name) is not { } wanted)
            return ([], known);
        var output = new ReportFolder(outputRoot);
        output.Draw(style, [wanted]);
        return (output.Keep(), known);
    }

    private static ImmutableArray<Comparison> Comparisons(string resultsRoot)
    {
        var runs = new RunStore(resultsRoot).ReadAll();
        ValueRules.Require(runs);
        return runs.Length > 0 ? Comparison.All(runs) : [];
    }

    private static ImmutableArray<PaperItem> Items(Comparison? comparison, string publishedRoot, string outputRoot, PaperPictures pictures)
    {
        var published = PublishedNumber.ReadAll(publishedRoot);
        var bibliography = Bibliography.Read(Path.Combine(publishedRoot, "references.bib"));
        var links = new RunLinks(outputRoot);
        var models = comparison is null ? null : new ModelTables(comparison, published, bibliography, links);
        string? scorer = comparison is null ? null : Scorers.Of(comparison).FirstOrDefault();
        var frontier = comparison is null || scorer is null ? null : new QualityDiversity(comparison, scorer, published, links);
        return
        [
            new("Hyperschedules",
                "noise level by step and position of 20 tokens: quenched (autoregressive), flat, block and slide annealing.",
                "the same, drawn from the code that generates, and the hybrid of block and slide, which is in the authors' code alone.",
                "time runs down, and a level is a shade; the released tables of slides with other rates than 1 differ from the formula " +
                    "that is drawn.")
            {
                Figures = [Pictures.Figure(pictures.Hyperschedules)],
            },
            new("Noise processes", "the γ-hybrid mixes rates, the ε-hybrid mixes evolution operators.",
                "the shares of kept, random and masked tokens over noise time, beside the processes that are mixed.",
                "the paper has formulas, not this picture; γ and ε are larger here than in any experiment, so as to be seen.")
            {
                Figures = [Pictures.Figure(pictures.NoiseProcesses)],
            },
            new("Attention masks",
                "attention masks, aligned and shifted: settled tokens attend causally, active ones to all settled and active ones.",
                "the same in a step of a block of 4 among 20 positions, and two variants of the authors' code.",
                "keys of the shifted mask are named by the position that they predict: the dummy token is key 0, and the last active " +
                    "query is the output that is discarded.")
            {
                Figures = [Pictures.Figure(pictures.AttentionMasks)],
            },
            new("Training masks", "all blocks in one pass over clean and noisy copies.", "the masks of that pass for 3 blocks of 4.",
                "shifted: the overlap of blocks in the released code looks like an off-by-one and is not repeated.")
            {
                Figures = [Pictures.Figure(pictures.TrainingMasks)],
            },
            new("Test perplexity", "test perplexity on OpenWebText and LM1B against diffusion models and AR.",
                "test likelihood of our models, beside what others published of the baselines on those corpora.",
                "models of 0.1M parameters, characters and another corpus; the hybrids' published numbers could not be recovered.")
            {
                Tables = OneOrNone(models?.Likelihood()),
            },
            new("Zero-shot perplexity", "perplexity on corpora that were not trained on, of models of OpenWebText.",
                "likelihood of text of other kinds (novels, verse and others), of models of one kind.",
                "other corpora, characters, and models of another scale; the published table gives upper bounds per token.")
            {
                Tables = OneOrNone(models?.ZeroShot()),
            },
            new("ACS ablation",
                "MAUVE, generative perplexity and entropy of the ε-hybrid with the original and the adaptive correction sampler (η = " +
                    "0.25) at rates of 8, 4, 2 and 1 tokens a call.", "the same, at our length, for every ε-hybrid that was sampled so.",
                    "scorer, corpus, length and scale.")
            {
                Tables = OneOrNone(
                    comparison is null ? null : CorrectionTable.Build(comparison, published, links) is { } table
                        ? table with { Name = "acs" } : null),
            },
            new("Quality and diversity", "generative perplexity against entropy and MAUVE for families of models, through rates.",
                "the same for the nearest of our methods, and the published points in a figure of their own.",
                "scorer, corpus, length and scale; the sampler behind the published ε points is not said, ours is the original one.")
            {
                Figures = [.. frontier?.Figures() ?? []],
                Tables = OneOrNone(frontier?.Table()),
            },
        ];
    }

    private static ImmutableArray<Tables.Table> OneOrNone(Tables.Table? table) => table is null ? [] : [table];
}

/// <summary>Pictures of the paper that depend on no result: its method, drawn from the code that trains and generates.</summary>
/// <param name="Hyperschedules">The kinds side by side.</param>
/// <param name="AttentionMasks">Attention masks of a step.</param>
/// <param name="TrainingMasks">The same in the pass that trains all steps at once.</param>
/// <param name="NoiseProcesses">The two hybrids beside what they mix.</param>
public sealed record PaperPictures(
    PictureGrid Hyperschedules, PictureGrid AttentionMasks, PictureGrid TrainingMasks, PictureGrid NoiseProcesses);
