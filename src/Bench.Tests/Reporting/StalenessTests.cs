using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.PortableExecutable;
using Bench.Reporting;
using Bench.Reporting.Figures;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>Whether a report still shows the results, found without making it again.</summary>
public sealed class StalenessTests : IDisposable
{
    private static readonly string Published = Path.Combine(GoldenFile.Repository, "baselines", "published");

    private readonly TemporaryFolder folder = new();

    public StalenessTests()
    {
        Directory.CreateDirectory(folder["figures"]);
        Directory.CreateDirectory(folder["figures", "fonts"]);
        foreach (string file in new[] { "style.json", "fonts/Arimo-Regular.ttf" })
            File.Copy(Path.Combine(GoldenFile.Repository, "reports", "figures", file), folder["figures", file]);
        SyntheticResults.Write(folder["results"]);
        Report.Build(folder["results"], Published, folder["figures"], folder["reports"]);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_report_just_made_is_not_stale() => Assert.Empty(Now());

    [Fact]
    public void A_changed_number_a_new_run_and_a_run_that_is_gone_make_it_stale()
    {
        string[] runs =
            [.. Directory.EnumerateFiles(folder["results"], "metrics.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        File.AppendAllText(runs[0], "x");
        Directory.Delete(Path.GetDirectoryName(runs[1])!, recursive: true);
        SyntheticResults.Network(new RunStore(folder["results"]), "text8", "gidd", "GIDD", "", 1, 3, 0.01, isBound: true);
        string[] said = [.. Now()];
        Assert.Equal(3, said.Length);
        Assert.EndsWith(" is new.", said[0], StringComparison.Ordinal);
        Assert.EndsWith(" is gone.", said[1], StringComparison.Ordinal);
        Assert.Equal($"runs/likelihood/{Path.GetFileName(Path.GetDirectoryName(runs[0]))} has changed.", said[2]);
    }

    [Fact]
    public void Checkpoints_are_in_no_report()
    {
        string run =
            Path.GetDirectoryName(Directory.EnumerateFiles(folder["results"], "metrics.csv", SearchOption.AllDirectories).First())!;
        AtomicFile.Write(Path.Combine(run, "checkpoints", "1.ckpt"), "weights");
        Assert.Empty(Now());
    }

    [Fact]
    public void The_style_and_the_report_itself_are_watched_too()
    {
        File.AppendAllText(folder["figures", "style.json"], "// another hand\n");
        File.Delete(folder["reports", "tables", "terms.md"]);
        File.AppendAllText(folder["reports", "tables", "terms.csv"], "x");
        Assert.Equal(
            ["figures/style.json has changed.", "tables/terms.md is missing from the report.",
                "tables/terms.csv was edited after it was made."], Now().AsEnumerable());
    }

    [Fact]
    public void A_picture_is_stale_when_its_data_change()
    {
        var picture = new PictureGrid("levels", PictureKind.Levels, "Levels.", [new PicturePanel("flat", "flat", [["3", "2"]])]);
        Assert.Equal("pictures/levels is new.",
            Assert.Single(Staleness.Of(folder["results"], Published, folder["figures"], folder["reports"], [], picture)));
        Assert.NotEqual(HashOf(picture), HashOf(picture with { Panels = [new PicturePanel("flat", "flat", [["3", "1"]])] }));

        string HashOf(PictureGrid grid) =>
            Inputs.Now(folder["results"], Published, folder["figures"], [], [grid]).Single(pair => pair.Input == "pictures/levels").Hash;
    }

    // The modules' ids stand for their code, and a commit in them would change them with every commit.
    [Fact]
    public void No_commit_is_written_into_what_makes_a_report() => Assert.All(
        [typeof(Report).Assembly, typeof(RunRecord).Assembly],
        library => Assert.DoesNotContain('+', library.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion));

    // Nor must the folder of a checkout.
    [Fact]
    public void No_folder_is_written_into_what_makes_a_report() => Assert.All(
        [typeof(Report).Assembly, typeof(RunRecord).Assembly],
        library =>
        {
            using var program = new PEReader(File.OpenRead(library.Location));
            var symbols = program.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
            Assert.StartsWith("/bench/", program.ReadCodeViewDebugDirectoryData(symbols).Path, StringComparison.Ordinal);
        });

    [Fact]
    public void Without_a_report_its_absence_is_reported() =>
        Assert.StartsWith("There is no report in",
            Assert.Single(Staleness.Of(folder["results"], Published, folder["figures"], folder["nowhere"])), StringComparison.Ordinal);

    private ImmutableArray<string> Now() => Staleness.Of(folder["results"], Published, folder["figures"], folder["reports"]);
}
