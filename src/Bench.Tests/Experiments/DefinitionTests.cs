using System.Text.RegularExpressions;
using Bench.Data;
using Bench.Experiments.Definitions;
using Bench.Results.Runs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bench.Tests.Experiments;

public sealed class DefinitionTests
{
    // Parts of definitions, and texts that are hard to read.
    private static readonly string[] Pieces =
    [
        "name", "data", "corpus", "methods", "model", "training", "steps", "seeds", "tiny", "sotu", "markov", "markov-4-1-2-1", "ar",
        "mdlm", "ngram-2", "width",
        "1", "0", "-3", "1e9", "3e-4", ": ", ":\n  ", ", ", "\n", "\n- ", "  ", "[", "]", "{", "}", "\"", "'", "#", "&a ", "*a", "!t ",
        "|\n", ">", "%", "@",
        "\t", "\r", "---\n", "...", "?", "<<", "~", "\0", "\u2028", "é", "\uD83D\uDE00",
        Workplace.Experiment, "data: { corpus: markov-4-1-2-1 }\n", "methods: [ngram-1]\n", "name: x\n",
    ];

    [Fact]
    public void No_text_crashes_the_reader_and_every_accepted_one_resolves()
    {
        using var place = new Workplace();
        var texts = Gen.Elements(Pieces).ArrayOf().Select(string.Concat).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(texts, text => Holds(place.Read(text))));
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<NonNull<string>>(text => Holds(place.Read(text.Get))));
    }

    [Fact]
    public void No_small_change_to_a_definition_crashes_the_reader()
    {
        using var place = new Workplace();
        var changes = from at in Gen.Choose(0, Workplace.Experiment.Length - 1)
                      from length in Gen.Choose(0, 12)
                      from piece in Gen.Elements(Pieces)
                      select Workplace.Experiment[..at] + piece
                          + Workplace.Experiment[Math.Min(at + length, Workplace.Experiment.Length)..];
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(changes.ToArbitrary(), text => Holds(place.Read(text))));
    }

    [Fact]
    public void Methods_times_seeds_are_the_runs()
    {
        using var place = new Workplace();
        var runs = place.Read(Workplace.Experiment + "\nseeds: [1, 7]").Runs;
        Assert.Equal(["ngram-1 1", "ngram-1 7", "ngram-2 1", "ngram-2 7", "ar 1", "ar 7", "mdlm 1", "mdlm 7"],
            runs.Select(run => $"{run.Method.Name} {run.Seed}"));
    }

    [Fact]
    public void A_folder_is_all_its_definitions_in_the_order_of_their_names()
    {
        using var place = new Workplace();
        place.Write("b.yaml", Workplace.Experiment.Replace("tiny", "second", StringComparison.Ordinal));
        place.Write("a.yaml", Workplace.Experiment.Replace("tiny", "first", StringComparison.Ordinal));
        place.Write("notes.txt", "no definition");
        Assert.Equal(["first", "second"], DefinitionReader.Load(place[""]).Runs.Select(run => run.Experiment).Distinct());
    }

    [Fact]
    public void A_name_and_a_corpus_and_methods_are_enough()
    {
        using var place = new Workplace();
        var spec = Assert.Single(place.Read("name: least\ndata: { corpus: markov }\nmethods: [mdlm]\ntraining: { steps: 1000 }").Runs);
        Assert.Equal((128, 4, 128), (spec.Data.Length, spec.Model!.Blocks, spec.Model.Width));
        Assert.Equal((1000, 100, 3e-4, 128),
            (spec.Training!.Steps, spec.Training.WarmupSteps, spec.Training.LearningRate, spec.Sampling.Steps!.Value));
        Assert.Equal([Split.Validation, Split.Test], spec.Evaluation.Splits.AsEnumerable());
        Assert.Equal(1ul, spec.Seed);
    }

    [Fact]
    public void The_longest_sequences_are_read_whatever_the_network_sees_of_them()
    {
        using var place = new Workplace();
        const string Slide = "hyperschedule: { kind: slide, width: 65536, rate: 1 }";
        Assert.Equal(2,
            place.Read(
                $"name: long\ndata: {{ corpus: markov, length: 65536 }}\nmethods: [{{ name: a, from: gamma-slide, {Slide}, view: {{ "
                    + $"shifted: true }} }}, {{ name: b, from: gamma-slide, {Slide}, view: {{ context: full }} }}]\ntraining: {{ steps: "
                    + $"1 }}").Runs.Length);
    }

    [Fact]
    public void A_text_file_of_the_user_is_a_corpus_named_after_it_wherever_it_lies()
    {
        using var place = new Workplace();
        string file = place.Write("my text.txt", string.Concat(Enumerable.Repeat("the people of the united states ", 200)));
        var spec = Assert.Single(place.Read($"name: own\ndata: {{ corpus: '{file}', length: 8 }}\nmethods: [ngram-2]").Runs);
        Assert.Equal("my text.txt", spec.Data.Corpus);
        using var data = spec.Data.Open(place.Library);
        Assert.DoesNotContain(place[""], spec.Definition(data.Hash).Canonical, StringComparison.Ordinal);
    }

    [Theory, InlineData("smoke"), InlineData("quick"), InlineData("ablation"), InlineData("laptop"), InlineData("related")]
    public void The_definitions_of_the_repository_are_right(string profile) =>
        Assert.Empty(DefinitionReader.Load(Path.Combine(GoldenFile.Repository, "experiments", profile)).Problems);

    // Their corpora are files that the user has to bring.
    [Fact]
    public void The_papers_definitions_have_no_mistake_once_their_corpora_are_present()
    {
        using var place = new Workplace();
        string text = place.Write("text.txt", "some text");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(GoldenFile.Repository, "experiments", "paper"), "*.yaml"))
        {
            string corpus = Regex.Match(File.ReadAllText(file), "corpus: (data/.*)").Groups[1].Value;
            Assert.Contains(corpus, Assert.Single(DefinitionReader.Load(file).Problems).What, StringComparison.Ordinal);
            Assert.Empty(place.Read(File.ReadAllText(file).Replace(corpus, text, StringComparison.Ordinal)).Problems);
        }
    }

    [Fact]
    public void The_schema_in_the_repository_is_that_of_the_reader() =>
        GoldenFile.Matches(Path.Combine(GoldenFile.Repository, "experiments", "definition.schema.json"), DefinitionReader.Schema);

    [Fact]
    public void The_tables_in_the_repository_are_those_of_the_reader()
    {
        TableIsThatOfTheReader("<!-- keys -->", DefinitionReader.KeyTable);
        TableIsThatOfTheReader("<!-- components -->", DefinitionReader.ComponentTables);
    }

    internal static void TableIsThatOfTheReader(string mark, string made)
    {
        string file = Path.Combine(GoldenFile.Repository, "experiments", "README.md"), text = File.ReadAllText(file),
            end = mark.Replace("<!-- ", "<!-- end of ", StringComparison.Ordinal);
        string table = $"{mark}\n{made}{end}";
        if (GoldenFile.Accepts)
            File.WriteAllText(file,
                text = text[..text.IndexOf(mark, StringComparison.Ordinal)] + table
                    + text[(text.IndexOf(end, StringComparison.Ordinal) + end.Length)..]);
        Assert.Contains(table, text, StringComparison.Ordinal);
    }

    private static bool Holds(Reading reading) =>
        reading.Runs.IsEmpty != reading.Problems.IsEmpty
        && reading.Runs.All(
            run => run.Definition("hash") is var definition && definition.Method == run.Method.Name
                && RunId.Of(definition, "hash").Length == 16)
        && reading.Problems.All(problem => problem is { Where.Length: > 0, What.Length: > 0, Fix.Length: > 0 });
}
