using System.Diagnostics;
using System.Globalization;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>A run is called the same wherever it is planned.</summary>
public sealed class StableNameTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Culture_time_zone_current_directory_threads_and_results_folder_do_not_rename_a_run()
    {
        folder.Write("network.yaml", TinyExperiment.Network());
        Directory.CreateDirectory(folder["elsewhere"]);
        string[] names = Plan(folder.Path, "network.yaml");
        Assert.Single(names);
        Assert.Matches("^[0-9a-f]{16}$", names[0]);
        Assert.Equal(names, Plan(folder["elsewhere"], "../network.yaml", "--results", folder["other"], "--threads", "3"));
        Assert.Equal(names,
            Plan(folder.Path, [folder["network.yaml"]], ("TZ", "Pacific/Kiritimati"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"),
                ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "false"), ("OMP_NUM_THREADS", "7")));
    }

    [Fact]
    public void A_culture_with_a_decimal_comma_does_not_rename_a_run()
    {
        using var shell = new Shell();
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Network());
        string plain = shell.Run("plan", definition).Output;
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator, comma.NumberFormat.NegativeSign) = (",", ".",
            "−");
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(plain, shell.Run("plan", definition).Output);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private string[] Plan(string from, params string[] arguments) => Plan(from, arguments, []);

    private string[] Plan(string from, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Bench.Cli.dll"), "plan", .. arguments]) { UseShellExecute = false,
                WorkingDirectory = from, RedirectStandardOutput = true };
        start.Environment["BENCH_CACHE"] = folder["cache"];
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var plan = Process.Start(start)!;
        string output = plan.StandardOutput.ReadToEnd();
        plan.WaitForExit();
        Assert.Equal(0, plan.ExitCode);
        return [.. output.Split('\n').Where(line => line.StartsWith("network", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[^1])];
    }
}
