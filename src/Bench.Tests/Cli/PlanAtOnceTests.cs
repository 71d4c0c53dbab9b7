using TorchSharp;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Plans of several runs at once are timed with the threads that each will have.</summary>
[Collection(nameof(Alone))]
public sealed class PlanAtOnceTests : IDisposable
{
    private readonly Shell shell = new();
    private readonly int threads = torch.get_num_threads();

    public void Dispose()
    {
        torch.set_num_threads(threads);
        shell.Dispose();
    }

    [Fact]
    public void Runs_at_once_take_less_than_one_after_another()
    {
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Timed("15")),
            other = shell.Folder.Write("other.yaml",
                TinyExperiment.Timed("15").Replace("name: network", "name: other", StringComparison.Ordinal));
        Assert.Contains(
            "about 15 min on this machine with 2 runs at once, each on its share of the cores: 30 min of work (30 min training, ",
            shell.Run("plan", definition, other, "--jobs", "2").Output, StringComparison.Ordinal);
        Assert.Equal(Math.Max(1, Environment.ProcessorCount / 2), torch.get_num_threads());
    }
}
