using System.Diagnostics;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Results;

public sealed class EnvironmentRecordTests
{
    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private static EnvironmentRecord Capture(string repository) =>
        EnvironmentRecord.Capture(new StoppedClock(new(2025, 4, 8, 12, 0, 0, 250, TimeSpan.Zero)), repository, "2.6.0", "cpu", 2);

    private static void Git(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", "user.name=n", "-c", "user.email=e@e", .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    [Fact]
    public void A_machine_is_described_from_its_own_files()
    {
        using var folder = new TemporaryFolder();
        var place = Capture(folder.Path);
        Assert.Equal(new DateTimeOffset(2025, 4, 8, 12, 0, 0, TimeSpan.Zero), place.Date);
        Assert.Equal(Environment.ProcessorCount, place.Cores);
        Assert.True(place.MemoryMib > 0);
        Assert.All([place.Dotnet, place.Os, place.Cpu], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.Equal("unknown", place.Commit);
    }

    [Fact]
    public void A_work_tree_that_differs_from_its_commit_is_dirty()
    {
        using var folder = new TemporaryFolder();
        Git(folder.Path, "init", "-q");
        Git(folder.Path, "commit", "-q", "--allow-empty", "-m", "start");
        string clean = Capture(folder.Path).Commit;
        Assert.Matches("^[0-9a-f]{40}$", clean);
        File.WriteAllText(folder["new.txt"], "");
        Assert.Equal(clean + "-dirty", Capture(folder.Path).Commit);
    }

    [Fact]
    public void A_folder_that_does_not_exist_has_no_commit()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("unknown", Capture(folder["gone"]).Commit);
    }
}
