using System.Text;
using System.Text.RegularExpressions;
using Bench.Results.Runs;
using Bench.Tests.Reporting;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Results of several machines become one by copying run folders.</summary>
public sealed partial class MergeTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Run_folders_of_two_machines_in_one_make_one_report()
    {
        string one = Run("one", "mdlm"), other = Run("other", "udlm");
        string merged = Directory.CreateDirectory(shell.Folder["merged/runs/network"]).FullName;
        foreach (string run in Directory.GetDirectories(Path.Combine(one, "runs/network"))
            .Concat(Directory.GetDirectories(Path.Combine(other, "runs/network"))))
            Directory.Move(run, Path.Combine(merged, Path.GetFileName(run)));

        var records = new RunStore(shell.Folder["merged"]).ReadAll();
        Assert.Equal(["mdlm", "udlm"], records.Select(record => record.Definition.Method).Order(StringComparer.Ordinal));
        Assert.All(records, record => Assert.StartsWith(merged, record.Folder, StringComparison.Ordinal));
        BuiltReport.Build(shell.Folder["merged"], shell.Folder["reports"]);
        string table = File.ReadAllText(shell.Folder["reports/tables/likelihood.csv"]),
            page = File.ReadAllText(shell.Folder["reports/index.html"]);
        Assert.All(["mdlm", "udlm"], method => Assert.Contains(method, table, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(shell.Folder.Path, page, StringComparison.Ordinal);
        string[] links = [.. Link().Matches(page).Select(link => link.Groups["to"].Value)];
        Assert.Contains(links, link => link.Contains("merged/runs/network", StringComparison.Ordinal));
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(shell.Folder["reports"], link)), link));

        // The network, moved, still writes: what a run keeps does not depend on where it lies.
        Assert.Equal(0, shell.Run("sample", "--run", records[0].Folder, "--count", "1").Code);
        string both = shell.Folder.Write("both.yaml", TinyExperiment.Network(method: "mdlm, udlm"));
        Assert.Contains("2 runs: 2 finished.", shell.Run("plan", both, "--results", shell.Folder["merged"]).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_a_run_folder_names_its_place()
    {
        string[] files = Directory.GetFiles(Path.Combine(Run("one", "mdlm"), "runs"), "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        byte[] place = Encoding.UTF8.GetBytes(shell.Folder.Path);
        Assert.All(files, file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(place) < 0, file));
    }

    // As another machine would: definitions and results of its own.
    private string Run(string machine, string method)
    {
        string results = shell.Folder[machine];
        string definition = shell.Folder.Write($"{machine}.yaml", TinyExperiment.Network(method: method));
        var answer = shell.Run("run", definition, "--results", results);
        Assert.True(answer.Code == 0, answer.ToString());
        return results;
    }

    // To another file; not within the page, not to another site.
    [GeneratedRegex("href=\"(?<to>[^\":#]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
