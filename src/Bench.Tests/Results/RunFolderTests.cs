using System.Security.Cryptography;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Results;

public sealed class RunFolderTests
{
    private static readonly RunDefinition Definition = RunDefinition.Parse(
        """{"experiment":"quick","method":"mdlm","title":"MDLM","seed":3,"data":{"corpus":"toy","hash":"abc"}}""");

    private static readonly EnvironmentRecord Place =
        new("c0ffee-dirty", ".NET 10", "2.6", "cpu", 2, "Linux", "A \"quoted\" CPU, 3 GHz", 2, 8192,
            new(2025, 4, 8, 9, 10, 11, TimeSpan.Zero));

    private static TrainingPoint Point(long step, double? validation = null) =>
        new(step, step * 64, step / 3.0, 1.0 / step, 0.1, 3e-4, 1e5, validation);

    [Fact]
    public void A_run_reads_back_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        Metric[] metrics =
        [
            new(
                LikelihoodMetrics.Likelihood.Name,
                Splits.Test,
                Units.BitsPerCharacter,
                0.1 + 0.2,
                1e-300,
                12,
                "8 draws, \"stratified\"\nper sequence"),
            new(TrainingMetrics.Parameters.Name, Splits.None, Units.None, 1e15),
        ];
        GenerationSetting setting = new("ReMDM, cap 0.02", 64, Temperature: 0.7, Cached: true, Batch: 16);
        GenerationMetric[] generation =
        [
            new(setting, SampleEntropy.Metric.Name, "", Units.Nats, 0.1 + 0.2, 1e-3, 0.29, 0.31, 16, "16 texts"),
            new(setting, ScoredText.Perplexity.Name, "truth", Units.PerplexityPerCharacter, double.PositiveInfinity, Count: 16),
            GenerationMetric.NotDefined(setting, SelfBleu.Metric.Name, "", Units.None, 1, "less than two sequences, as text"),
        ];
        using (var run = store.Open(Definition))
        {
            run.Begin(Definition, Place);
            using (var log = run.Training())
            {
                log.Append(Point(1));
                log.Append(Point(2, validation: 2.5));
            }

            run.Write(metrics);
            run.WriteGeneration(generation);
            run.Write(new Sample("first", "the people of the\nunited states"));
            run.Finish(12.5);
        }

        var read = Assert.Single(store.ReadAll());
        Assert.Equal(Definition.Canonical, read.Definition.Canonical);
        Assert.Equal(RunId.Of(Definition, "abc"), read.Id);
        Assert.Equal(Place, read.Environment);
        Assert.Equal(metrics, read.Metrics);
        Assert.Equal(generation, read.Generation);
        Assert.Equal([null, null, "less than two sequences, as text"], read.Generation.Select(row => row.Undefined));
        Assert.Equal([Point(1), Point(2, 2.5)], read.Curve.AsEnumerable());
        Assert.Equal([new Sample("first", "the people of the\nunited states")], read.Samples.AsEnumerable());
        Assert.Equal(new RunStatus(RunState.Finished, null, 12.5), read.Status with { Files = null });
        string[] files = ["definition.json", "environment.json", "generation.csv", "metrics.csv", "samples/first.txt", "training.csv"];
        Assert.Equal(
            files.Select(file => (file, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(read.Folder, file)))))),
            read.Status.Files!.ByPath.Select(file => (file.Key, file.Value)));
        Assert.Equal(read.Status, store.StatusOf(Definition));
    }

    [Fact]
    public void The_former_name_of_the_scorer_column_is_read_and_the_new_one_is_written()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        GenerationMetric row = new(new("ancestral", 64), ScoredText.Perplexity.Name, "truth", Units.PerplexityPerCharacter, 3.5);
        using (var run = store.Open(Definition))
        {
            run.Begin(Definition, Place);
            run.WriteGeneration([row]);
            string path = Path.Combine(run.Folder, "generation.csv"), text = File.ReadAllText(path);
            Assert.Contains(",metric,scorer,unit,", text, StringComparison.Ordinal);
            File.WriteAllText(path, text.Replace(",scorer,", ",judge,", StringComparison.Ordinal)); // stored name
        }

        Assert.Equal([row], Assert.Single(store.ReadAll()).Generation.AsEnumerable());
    }

    [Fact]
    public void Writing_leaves_no_temporary_files()
    {
        using var folder = new TemporaryFolder();
        using (var run = RunFolder.Open(folder["run"]))
        {
            run.Begin(Definition, Place);
            run.Write([new Metric("m", "", "", 1)]);
            run.Fail("loss is NaN at step 3\nand stays so", 1);
        }

        Assert.Equal(
            ["definition.json", "environment.json", "metrics.csv", "run.lock", "status.json"],
            Directory.EnumerateFiles(folder["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_write_that_fails_half_way_keeps_the_old_content_and_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["a.txt"], "old");
        Assert.Throws<SuiteException>(() => AtomicFile.Write(folder["a.txt"], stream =>
        {
            stream.Write("half of the n"u8);
            throw new IOException("No space left on device") { HResult = 28 };
        }));
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Single(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void A_second_writer_is_turned_away_until_the_first_is_done()
    {
        using var folder = new TemporaryFolder();
        using (RunFolder.Open(folder["run"]))
            Assert.Contains("Another process", Assert.Throws<SuiteException>(() => RunFolder.Open(folder["run"])).Message,
                StringComparison.Ordinal);
        RunFolder.Open(folder["run"]).Dispose();
    }

    [Fact]
    public void A_resumed_log_equals_one_that_was_never_interrupted()
    {
        using var folder = new TemporaryFolder();
        using var whole = RunFolder.Open(folder["whole"]);
        using var broken = RunFolder.Open(folder["broken"]);
        using (var log = whole.Training())
        {
            foreach (long step in (long[])[1, 2, 3, 4])
                log.Append(Point(step));
        }

        using (var log = broken.Training())
        {
            foreach (long step in (long[])[1, 2, 3])
                log.Append(Point(step) with { Loss = step == 3 ? 99 : 1.0 / step });
        }

        // Killed in the middle of a row, with the last checkpoint at step 2.
        File.AppendAllText(folder["broken", "training.csv"], "4,256,1.3");
        using (var log = broken.Training(resumedStep: 2))
        {
            log.Append(Point(3));
            log.Append(Point(4));
        }

        Assert.Equal(File.ReadAllBytes(folder["whole", "training.csv"]), File.ReadAllBytes(folder["broken", "training.csv"]));
    }

    [Fact]
    public void A_log_that_is_being_written_can_be_read_without_its_last_broken_row()
    {
        using var folder = new TemporaryFolder();
        using var run = new RunStore(folder.Path).Open(Definition);
        run.Begin(Definition, Place);
        using var log = run.Training();
        log.Append(Point(1));
        File.AppendAllText(Path.Combine(run.Folder, "training.csv"), "2,128,0.6");
        Assert.Equal([Point(1)], Assert.Single(new RunStore(folder.Path).ReadAll()).Curve.AsEnumerable());
    }

    [Fact]
    public void The_time_of_an_interrupted_run_is_not_lost_when_it_begins_again()
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Open(folder["run"]);
        run.Begin(Definition, Place);
        run.Write(new RunStatus(RunState.Running, Seconds: 40));
        run.Begin(Definition, Place);
        Assert.Equal(40, run.Status!.Seconds);
    }

    [Fact]
    public void Numbers_and_texts_of_an_earlier_start_do_not_count_as_those_of_the_next()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        using var run = store.Open(Definition);
        run.Begin(Definition, Place);
        run.Write([new Metric("m", "", "", 1)]);
        run.Write(new Sample("first", "of the earlier start"));
        File.WriteAllText(Path.Combine(run.Folder, "samples", "notes.md"), "mine");
        run.Begin(Definition, Place);
        run.Finish(1);
        var read = Assert.Single(store.ReadAll());
        Assert.Empty(read.Metrics);
        Assert.Empty(read.Samples);
        Assert.True(File.Exists(Path.Combine(run.Folder, "samples", "notes.md")));
    }

    [Theory]
    [InlineData("metrics.csv", "metric,split\nx,y\n", "'unit' is missing")]
    [InlineData("metrics.csv", "metric,split,unit,value,standard_error,count,protocol\na,b,c,many,,,\n", "metrics.csv:2")]
    [InlineData("metrics.csv", "metric,split,unit,value,standard_error,count,protocol\na,b\n", "metrics.csv")]
    [InlineData("metrics.csv", "", "metrics.csv")]
    [InlineData("training.csv", "step,tokens\n1,2\n", "training.csv")]
    [InlineData("status.json", """{"state":"asleep"}""", "status.json")]
    [InlineData("status.json", "", "status.json")]
    [InlineData("environment.json", "{}", "environment.json")]
    [InlineData("definition.json", """{"method":"ar"}""", "definition.json")]
    [InlineData("definition.json", "{", "definition.json")]
    public void A_damaged_file_is_named_and_never_skipped(string file, string content, string expected)
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        using var run = store.Open(Definition);
        run.Begin(Definition, Place);
        File.WriteAllText(Path.Combine(run.Folder, file), content);
        var error = Assert.Throws<SuiteException>(() => store.ReadAll());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Fix);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_with_a_way_out()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Assert.NotEmpty(Assert.Throws<SuiteException>(() => RunFolder.Open(folder["file", "run"])).Fix);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData(".hidden")]
    public void A_sample_is_named_by_a_plain_file_name(string name)
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Open(folder["run"]);
        Assert.Throws<ArgumentException>(() => run.Write(new Sample(name, "text")));
    }

    [Fact]
    public void A_store_without_runs_is_empty()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(new RunStore(folder["nothing"]).ReadAll());
        Assert.Null(new RunStore(folder["nothing"]).StatusOf(Definition));
    }
}
