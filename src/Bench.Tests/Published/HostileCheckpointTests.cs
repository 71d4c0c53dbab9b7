using Bench.Published;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Published;

/// <summary>
/// Damaged and hostile checkpoints: refused with what is wrong and what to do, or read where they are valid; nothing is run.
/// </summary>
public sealed class HostileCheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bench-hostile-").FullName;

    public static TheoryData<string, string> Files()
    {
        TheoryData<string, string> files = [];
        foreach (var (file, expected) in CheckpointFiles.Hostile())
            files.Add(file, expected);
        return files;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_readme_names_every_file() =>
        Assert.True(Files().Count >= 80 || Environment.GetEnvironmentVariable("BENCH_CHECKPOINT_DIR") is { Length: > 0 });

    [Theory, MemberData(nameof(Files))]
    public void Every_file_is_refused_or_read_as_it_should(string file, string expected)
    {
        string planted = Path.Combine(Path.GetTempPath(), "pwned");
        File.Delete(planted);
        string[] before = Entries();
        bool asksForAverages = expected.Contains("EMA", StringComparison.Ordinal);
        var refusal = Read(Placed(file), asksForAverages);
        Assert.False(File.Exists(planted), "code of the file was run");
        Assert.Equal(before, Entries());

        if (expected.Contains("asking for EMA is refused", StringComparison.Ordinal))
            Assert.Contains("EMA", Assert.Single(refusal), StringComparison.Ordinal);
        else if (expected.StartsWith("loads", StringComparison.Ordinal) && !expected.Contains(" or ", StringComparison.Ordinal))
            Assert.Empty(refusal);
        else if (expected.StartsWith("refused", StringComparison.Ordinal) && !expected.Contains("skipped", StringComparison.Ordinal))
            Assert.NotEmpty(refusal);
        Assert.All(refusal, line => Assert.DoesNotContain('\n', line));
    }

    [Theory]
    [InlineData("exec_posix_system.ckpt", "posix.system")]
    [InlineData("exec_inside_state_dict.ckpt", "system")]
    [InlineData("record_missing.ckpt", "archive/data/1 is missing")]
    [InlineData("lfs_pointer.safetensors", "Git LFS pointer")]
    [InlineData("html.safetensors", "web page")]
    [InlineData("legacy.pth", "before torch 1.6")]
    [InlineData("big_endian.ckpt", "big-endian")]
    [InlineData("ema_one_short.ckpt", "EMA weights")]
    [InlineData("net_missing_tensor.safetensors", "blocks.0.attn_out.weight")]
    [InlineData("nan.pth", "not finite")]
    [InlineData("pickle_cut.ckpt", "byte ")]
    [InlineData("config_type_unknown.json", "bert")]
    public void A_refusal_says_what_and_where(string file, string said)
    {
        if (CheckpointFiles.Hostile().Any(entry => entry.File == file))
            Assert.Contains(Read(Placed(file), averages: false), line => line.Contains(said, StringComparison.Ordinal));
    }

    // A configuration is tried with the network that it describes wrongly.
    private string Placed(string file)
    {
        string hostile = CheckpointFiles.HostileFolder;
        if (file.StartsWith("good.safetensors", StringComparison.Ordinal))
            return Path.Combine(hostile, "good.safetensors");
        if (!file.StartsWith("config_", StringComparison.Ordinal))
            return Path.Combine(hostile, file);
        File.Copy(Path.Combine(hostile, "good.safetensors"), Path.Combine(folder, "model.safetensors"));
        File.Copy(Path.Combine(hostile, file), Path.Combine(folder, "config.json"));
        return folder;
    }

    // Both sets of weights; what is refused, in lines.
    private static List<string> Read(string path, bool averages)
    {
        List<Problem> problems = [];
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            if (PublishedNetwork.Of(checkpoint, named: null, problems) is { } network)
            {
                network.Load(averages: false).Dispose();
                if (averages || network.HasAverages)
                    network.Load(averages: true).Dispose();
            }
        }
        catch (SuiteException error)
        {
            Assert.NotEqual("", error.Fix);
            problems.Add(new(path, error.Message, error.Fix));
        }

        return [.. problems.Select(problem => problem.What)];
    }

    private static string[] Entries() =>
        [.. Directory.EnumerateFileSystemEntries(CheckpointFiles.HostileFolder).Order(StringComparer.Ordinal)];
}
