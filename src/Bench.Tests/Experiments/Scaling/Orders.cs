using Bench.Experiments.Slurm;

namespace Bench.Tests.Experiments.Scaling;

/// <summary>What is to be done, for tests.</summary>
internal static class Orders
{
    /// <summary>Little: two runs, no scorer, of a cluster whose defaults do.</summary>
    public static Order Little { get; } = new()
    {
        Name = "grid",
        Profile = new() { Time = TimeSpan.FromHours(4), Gpus = 0, Cpus = 4, Modules = [], Setup = [], Extra = [] },
        Definitions = [new("/home/ada/experiments/grid.yaml", "grid.yaml", "name: grid\n")],
        Scorers = [],
        Runs = [new("00000000000000a1", "grid ar seed 1", """{"id":"a1"}"""),
            new("00000000000000a2", "grid mdlm seed 1", """{"id":"a2"}""")],
        Program = ["/opt/suite/bench"],
        Place = "/home/ada",
        Results = "/scratch/ada/results",
        Report = "/home/ada/reports",
        Cache = "/scratch/ada/cache",
    };

    /// <summary>Little, four ranks a run.</summary>
    public static Order Ranked { get; } = Little with { Profile = Little.Profile with { Ranks = 4, Gpus = 1 } };

    /// <summary>Everything, in folders whose names a shell would take apart.</summary>
    public static Order Much { get; } = Little with
    {
        Profile = new()
        {
            Partition = "gpu",
            Time = new(2, 0, 0, 0),
            Gpus = 1,
            Cpus = 8,
            Memory = "32G",
            Account = "physics",
            Qos = "long",
            MaxParallel = 4,
            Modules = ["cuda/12.1"],
            Setup = ["export LIBTORCH=$HOME/torch", "echo 'ready'"],
            Extra = ["--constraint=a100", "--signal=B:TERM@300"],
        },
        Scorers = [new("00000000000000f0", "judge ar seed 1", """{"id":"f0"}""")], // stored name
        Program = ["dotnet", "/opt/Ada's suite/Bench.Cli.dll"],
        Place = "/home/ada/a $(b) place",
        Results = "/scratch/ada's/results",
        Report = "/home/ada/reports; and more",
        Cache = "/scratch/`cache`",
        Retry = true,
    };
}
