using Bench.Numerics;
using Bench.Published;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Published;

/// <summary>A file in which any bytes changed is read, or refused in a sentence; no other exception leaves the reader.</summary>
public sealed class DamagedCheckpointTests : IDisposable
{
    private const int Changes = 400;

    private readonly string folder = Directory.CreateTempSubdirectory("bench-damaged-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("good.ckpt", "")]
    [InlineData("good.safetensors", "config.json")]
    [InlineData("strided.pth", "config.json")]
    [InlineData("good.safetensors", "config.json", true)]
    public void Any_changed_bytes_are_read_or_refused(string file, string config, bool changesConfig = false)
    {
        string hostile = Path.Combine(CheckpointFiles.Own, "hostile");
        string weights = Path.Combine(folder, file), beside = Path.Combine(folder, config);
        File.Copy(Path.Combine(hostile, file), weights);
        if (config.Length > 0)
            File.Copy(Path.Combine(hostile, config), beside);
        string changed = changesConfig ? beside : weights;
        byte[] whole = File.ReadAllBytes(changed);
        var draws = RandomStream.Root(7); // the same changes every time
        int refused = 0;
        for (int i = 0; i < Changes; i++)
        {
            long drawn = 0;
            int Next(int below) => (int)(draws.Uniform(i, drawn++) * below);
            byte[] bytes = (byte[])whole.Clone();
            // Most of an archive is weights; its pickle and its directories are where readers fail.
            for (int change = 1 + Next(3); change > 0; change--)
                bytes[Next(Next(2) == 0 ? bytes.Length : Math.Min(bytes.Length, 15_000))] = (byte)Next(256);
            if (i % 10 == 0)
                bytes = bytes[..Next(bytes.Length)];
            File.WriteAllBytes(changed, bytes);
            refused += IsRefused(weights) ? 1 : 0;
        }

        Assert.InRange(refused, Changes / 20, Changes);
    }

    private static bool IsRefused(string path)
    {
        try
        {
            List<Problem> problems = [];
            using var checkpoint = Checkpoint.Open(path);
            if (PublishedNetwork.Of(checkpoint, named: null, problems) is not { } network)
            {
                Assert.NotEmpty(problems);
                return true;
            }

            network.Load(averages: network.HasAverages).Dispose();
            return false;
        }
        catch (SuiteException)
        {
            return true;
        }
    }
}
