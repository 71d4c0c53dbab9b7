using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Planning;
using Bench.Reporting;
using Bench.Reporting.TableBuilders;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Architecture;
using Bench.Tests.Published;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>
/// The definitions of experiments/published: without their files they say what is missing; with a small network of each family in its
/// published format, and a small text, they run from the files to the table.
/// </summary>
public sealed class PublishedDefinitionTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "experiments", "published");

    public static TheoryData<string> Definitions() => [.. Directory.EnumerateFiles(Folder, "*.yaml")
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Without_their_files_definitions_need_them_and_nothing_else_is_wrong()
    {
        var reading = DefinitionReader.Load(Folder);
        Assert.Empty(reading.Runs);
        Assert.All(reading.Problems, problem => Assert.Contains(reading.Needed, file => file.Absence == problem.What));
        string[] needed = [.. reading.Needed.Select(file => $"{file.Kind} {file.Name}").Order(StringComparer.Ordinal)];
        Assert.Equal(PublishedFile.All.Select(file => $"{file.Kind.Title} {file.Name}").Order(StringComparer.Ordinal), needed);
        Assert.All(PublishedFile.All, file => Assert.InRange(file.Bytes, 1e5, 1e11));
    }

    [Theory, MemberData(nameof(Definitions))]
    public void A_definition_with_a_small_network_of_its_family_runs_from_the_files_to_the_table(string file)
    {
        using var place = new Workplace();
        var (yaml, texts) = Small(place, file);
        var run = Assert.Single(place.PlanAll(yaml));
        Assert.InRange(RunCost.Of(run.Spec, run.Text).Likelihood, 1, double.MaxValue);
        var record = place.Finish(run);
        Assert.Equal((RunState.Finished, null), (record.Status.State, record.Status.Reason));
        foreach (string text in texts)
        {
            var published = record.Find(PublishedMetrics.Perplexity.Name, text)!;
            var ours = record.Find(LikelihoodMetrics.Perplexity.Name, text)!;
            Assert.InRange(published.Value, 1, 1e6);
            Assert.InRange(ours.Value, 1, 1e6);
            Assert.NotNull(published.StandardError);
            if (run.Spec.Method.Name is "published-ar" or "published-gpt2")
                Assert.Equal(ours.Value, published.Value, 1e-6 * ours.Value); // nothing is drawn
            Assert.DoesNotContain("NaN", published.Protocol, StringComparison.Ordinal);
        }

        var report = Report.Build(place.Store.Root, Path.Combine(Repository.Root, "baselines", "published"),
            Path.Combine(Repository.Root, "reports", "figures"), place["report"]);
        Assert.Equal("as-published", report.Main.Name);
        string[] rows = File.ReadAllLines(place["report", "tables", "as-published.csv"])[1..];
        Assert.Equal(texts.Length, rows.Length);
        // Each has a published number, of one row of baselines/published.
        Assert.All(report.Main.Rows, row => Assert.IsNotType<Bench.Reporting.Tables.Cell.Absent>(row.Cells[2]));
        Assert.All(report.Main.Rows, row => Assert.IsNotType<Bench.Reporting.Tables.Cell.Absent>(row.Cells[6]));
    }

    // Antithetic times and independent masks against strata of counted masks: two estimates of one bound, of networks without noise level.
    [Theory, InlineData("mdlm-owt.yaml"), InlineData("bd3lm-4-owt.yaml")]
    public void The_published_estimate_and_ours_are_of_the_same_bound(string file)
    {
        using var place = new Workplace();
        string yaml = Small(place, file, documents: 400).Yaml.Replace("sequences: 400,", "sequences: 1000,", StringComparison.Ordinal);
        var record = place.Finish(Assert.Single(place.PlanAll(yaml)));
        var published = record.Find(PublishedMetrics.Perplexity.Name, "openwebtext")!;
        var ours = record.Find(LikelihoodMetrics.Perplexity.Name, "openwebtext")!;
        double error = Math.Sqrt(Math.Pow(published.StandardError!.Value, 2) + Math.Pow(ours.StandardError!.Value, 2));
        Assert.InRange(published.Value - ours.Value, -4 * error, 4 * error);
        Assert.InRange(error / ours.Value, 1e-6, 0.1);
    }

    [Fact]
    public void A_definition_that_is_written_out_or_read_by_another_process_is_the_same_run()
    {
        using var place = new Workplace();
        string yaml = Small(place, "hdlm-gamma-zero-shot.yaml").Yaml;
        var spec = Assert.Single(place.Read(yaml).Runs);
        Assert.Equal(spec.Definition("x").Canonical, RunJson.Read(RunJson.Write(spec)).Definition("x").Canonical);
        var shown = DefinitionReader.Show(place.Write("shown.yaml", yaml));
        Assert.Empty(shown.Problems);
        Assert.Equal(spec.Definition("x").Canonical, Assert.Single(place.Read(shown.Text).Runs).Definition("x").Canonical);
        // What is compared with, and what is said of it, are no part of the run.
        string other = yaml.Replace("method: \"HDLM gamma-hybrid\"", "method: \"MDLM\"", StringComparison.Ordinal);
        Assert.NotEqual(yaml, other);
        Assert.Equal(Assert.Single(place.PlanAll(yaml)).Id, Assert.Single(place.PlanAll(other)).Id);
        string draws = yaml.Replace("draws: 96", "draws: 48", StringComparison.Ordinal);
        Assert.NotEqual(Assert.Single(place.PlanAll(yaml)).Id, Assert.Single(place.PlanAll(draws)).Id);
    }

    [Fact]
    public void Each_published_number_that_a_definition_names_is_one_row()
    {
        var numbers = PublishedNumber.ReadAll(Path.Combine(Repository.Root, "baselines", "published"));
        foreach (string path in Directory.EnumerateFiles(Folder, "*.yaml"))
        {
            string yaml = File.ReadAllText(path);
            Assert.Contains(numbers, number => yaml.Contains($"method: \"{number.Method}\"", StringComparison.Ordinal)
                && yaml.Contains($"paper: {number.Paper}", StringComparison.Ordinal));
        }
    }

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "texts: [", "texts: [openwebtxt, ", "unknown text 'openwebtxt' in published.texts" },
        { "texts: [", "texts: [./nowhere, ", "there is no folder ./nowhere" },
        { "rows: wrapped", "rows: warped", "unknown layout 'warped' in published.rows" },
        { "rows: wrapped", "draws: 20", "published.draws is 20, no multiple of published.batch, which is 16" },
        { "rows: wrapped", "least-time: 1", "published.least-time is 1, not less than most-time, which is 1" },
        { "  schedule-end", "  schedule_end", "unknown key 'schedule_end' under published" },
        { "  method: \"MDLM\"\n", "", "reported has paper without method" },
        { "markov-47-", "markov-46-", "the checkpoint's vocabulary has 47 tokens and a mask, and the tokenizer symbols46 has 46" },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void What_is_wrong_is_said_in_a_line(string from, string to, string said)
    {
        using var place = new Workplace();
        string yaml = Small(place, "mdlm-owt.yaml").Yaml, wrong = yaml.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(yaml, wrong);
        Assert.Contains(place.Read(wrong).Problems, problem => problem.What.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_tokenizer_that_is_another_a_folder_without_test_part_and_a_text_to_train_on_are_refused()
    {
        using var place = new Workplace();
        var (yaml, _) = Small(place, "mdlm-owt.yaml");
        File.Move(place["texts", "openwebtext", "test.txt"], place["texts", "openwebtext", "train.txt"]);
        Assert.Contains(place.Read(yaml).Problems, problem => problem.What.Contains("has no test part: it holds train.txt",
            StringComparison.Ordinal));
        File.Move(place["texts", "openwebtext", "train.txt"], place["texts", "openwebtext", "test.txt"]);
        string folder = place["texts", "openwebtext"];
        Assert.Contains(
            place.Read(yaml.Replace("corpus: markov-47-1-2-1", $"corpus: \"{folder}\"", StringComparison.Ordinal)).Problems,
            problem => problem.What.Contains("47 tokens and a mask, and the tokenizer alphabet27 has 27", StringComparison.Ordinal));
        Assert.Contains(
            place.Read($"name: x\ndata: {{ corpus: \"{folder}\" }}\nmethods: [ngram-2]\n").Problems,
            problem => problem.What.Contains("a text that is only measured: nothing is trained on it", StringComparison.Ordinal));
        // Symbols of another vocabulary are noticed when the text is read.
        File.WriteAllText(place["texts", "openwebtext", "test.txt"], "3 4 99");
        var run = Assert.Single(place.PlanAll(yaml));
        Assert.Contains("'99' is no symbol of symbols47", Assert.Throws<SuiteException>(() => place.Finish(run)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(place["texts", "openwebtext", "test.txt"], "3 4 5");
        run = Assert.Single(place.PlanAll(yaml));
        Assert.Contains("less than one row of 16", Assert.Throws<SuiteException>(() => place.Finish(run)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_paper_has_several_numbers_for_a_text_none_is_taken_for_the_one()
    {
        using var place = new Workplace();
        string yaml = Small(place, "mdlm-owt.yaml").Yaml, open = yaml.Replace("protocol: \"without time conditioning\"",
            "protocol: \"\"", StringComparison.Ordinal);
        Assert.NotEqual(yaml, open);
        place.Finish(Assert.Single(place.PlanAll(open)));
        var report = Report.Build(place.Store.Root, Path.Combine(Repository.Root, "baselines", "published"),
            Path.Combine(Repository.Root, "reports", "figures"), place["report"]);
        var row = Assert.Single(report.Main.Rows);
        Assert.Contains("several numbers", Assert.IsType<Bench.Reporting.Tables.Cell.Absent>(row.Cells[2]).Why, StringComparison.Ordinal);
        Assert.IsType<Bench.Reporting.Tables.Cell.Number>(row.Cells[3]);
    }

    [Fact]
    public void A_variable_of_the_environment_names_the_folder_of_weights_and_of_texts()
    {
        const string Variable = "BENCH_FOLDER_OF_THIS_TEST_ALONE";
        var kind = new PublishedFileKind("weights", Variable, "usual");
        Assert.Equal("usual", kind.Folder);
        Environment.SetEnvironmentVariable(Variable, "elsewhere");
        Assert.Equal("elsewhere", kind.Folder);
        Environment.SetEnvironmentVariable(Variable, null);
    }

    // Without data.corpus a text stands there too, and what is wrong with it is said once.
    [Theory]
    [InlineData("[openwebtxt]", "unknown text 'openwebtxt' in published.texts")]
    [InlineData("[./nowhere]", "there is no folder ./nowhere")]
    public void A_wrong_text_is_one_problem(string texts, string said)
    {
        using var place = new Workplace();
        string yaml = $"name: x\nsource: {{ checkpoint: nowhere.ckpt }}\npublished: {{ texts: {texts} }}\n";
        string[] problems = [.. place.Read(yaml).Problems.Select(problem => problem.What)];
        Assert.Contains(problems, problem => problem.Contains(said, StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("nowhere.ckpt", StringComparison.Ordinal));
        Assert.Equal(2, problems.Length);
    }

    // The definition with a fixture in the place of the weights, and texts of its symbols.
    private static (string Yaml, string[] Texts) Small(Workplace place, string file, int documents = 30)
    {
        string yaml = File.ReadAllText(Path.Combine(Folder, file)).ReplaceLineEndings("\n");
        string weights = Between(yaml, "checkpoint: ", " }").Split(',')[0], texts = Between(yaml, "texts: [", "]");
        string fixture = weights switch
        {
            "mdlm-ar.ckpt" => "mdlm/lightning-ar",
            "mdlm-sedd.ckpt" => "sedd/local",
            "sedd-small" => "sedd/hub",
            "duo" => "duo/hub",
            "hdlm-epsilon-0.01" => "hdlm/epsilon-hub",
            "hdlm-gamma-0.01" => "hdlm/gamma-hub",
            _ => weights.Split('-')[0] + "/hub",
        };
        bool isGpt2 = weights == "gpt2"; // its small network is made here
        int tokens = isGpt2 ? TinyGpt2.Tokens : ImportTests.Tokens(fixture);
        string path = isGpt2 ? TinyGpt2.Write(place["gpt2"]) : Path.Combine([CheckpointFiles.Root, .. fixture.Split('/')]);
        string[] names = texts.Split(", ");
        foreach (string name in names)
        {
            Directory.CreateDirectory(place["texts", name]);
            File.WriteAllText(place["texts", name, "test.txt"], string.Join("\n<|endoftext|>\n", Enumerable.Range(0, documents).Select(
                document => string.Join(' ', Enumerable.Range(0, 3 + (document * 7 % 40))
                    .Select(at => 1 + (((at * (document + 3)) + (at / 5)) % (tokens - 1)))))));
        }

        string data = yaml.Split('\n').Single(line => line.StartsWith("data: ", StringComparison.Ordinal));
        return (yaml
            .Replace(data, $"data: {{ corpus: markov-{tokens}-1-2-1 }}", StringComparison.Ordinal)
            .Replace($"checkpoint: {weights}", $"checkpoint: \"{path}\"", StringComparison.Ordinal)
            .Replace($"texts: [{texts}]", $"texts: [{string.Join(", ", names.Select(name => $"\"{place["texts", name]}\""))}]",
                StringComparison.Ordinal)
            .Replace("sequences: 2048,", "sequences: 400,", StringComparison.Ordinal), names);
    }

    private static string Between(string text, string before, string after)
    {
        int start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[start..text.IndexOf(after, start, StringComparison.Ordinal)];
    }
}
