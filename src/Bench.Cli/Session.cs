using System.CommandLine;
using Bench.Data;
using Bench.Data.Downloads;
using Bench.Experiments.Machine;
using Bench.Experiments.Running;
using Bench.Kernels;
using Bench.Results;
using Bench.Results.Runs;
using TorchSharp;

namespace Bench.Cli;

/// <summary>What a command works with, as the global options ask.</summary>
internal sealed class Session
{
    private readonly GlobalOptions options;
    private readonly ParseResult parsed;

    private static string? Variable => Environment.GetEnvironmentVariable(DeviceChoice.Variable);

    public Session(CliEnvironment environment, GlobalOptions options, ParseResult parsed)
    {
        (this.options, this.parsed) = (options, parsed);
        Here = environment;
        Threads = parsed.GetValue(options.Threads) ?? environment.OwnThreads;
        Store = new RunStore(parsed.GetValue(options.Results)!);
        Library = new DataLibrary(environment.CacheFolder, new DownloadLog(environment.Output).Report, environment.Npm, environment.Stop);
    }

    public CliEnvironment Here { get; }

    /// <summary>Threads of the tensor engine, where --threads gives them.</summary>
    public int? Threads { get; }

    /// <summary>Where networks are asked to be.</summary>
    /// <exception cref="ProblemsException">The environment variable names no device.</exception>
    public DeviceChoice Device => DeviceChoice.Of(parsed.GetValue(options.Device), Variable) ?? throw new ProblemsException(
        new Problem(DeviceChoice.Variable, $"'{Variable}' is no device", $"Unset it, or write {DeviceChoice.Known}."));

    /// <summary>What there is for runs to take. On a card the machine's memory is not what counts, and the card's is not known.</summary>
    public MachineLimits Limits => Device.IsCard
        ? Here.Limits(Store.Root) with { Memory = long.MaxValue }
        : Here.Limits(Store.Root);

    public RunStore Store { get; }

    public DataLibrary Library { get; }

    /// <summary>The same, ended by something else than the program's end.</summary>
    public Session StoppedBy(CancellationToken stop) => new(Here with { Stop = stop }, options, parsed);

    /// <summary>The runner.</summary>
    /// <param name="force">Whether to begin what the disk has no room for all the same.</param>
    public Runner NewRunner(bool force) =>
        new(Library, Store, Here.Clock)
        {
            FreeBytes = force ? _ => long.MaxValue : folder => Here.Limits(folder).FreeDisk,
            Ranks = Here.Ranks,
        };

    /// <summary>Makes sure that there is an engine before any work is begun that needs one.</summary>
    /// <exception cref="DllNotFoundException">There is none; the message says what to do.</exception>
    /// <exception cref="SuiteException">There is no such device.</exception>
    public void LoadEngine()
    {
        LoadLibrary();
        Device.Use();
        if (Here.Ranks is { } ranks)
            (ranks.Device, ranks.Threads) = (Device.ToString(), parsed.GetValue(options.Threads));
    }

    /// <summary>The same for what computes nothing with a network: the device is not asked for.</summary>
    /// <exception cref="DllNotFoundException">There is none; the message says what to do.</exception>
    public void LoadLibrary()
    {
        if (Here.EngineProblem() is { } problem)
            throw new DllNotFoundException(problem);
        if (KernelSwitch.Problem is var (what, fix))
            throw new ProblemsException(new Problem("BENCH_FUSED", what, fix));
        if (Threads is { } count)
            torch.set_num_threads(count);
    }

    /// <summary>Makes sure that results can be kept before any work is begun.</summary>
    /// <exception cref="SuiteException">The results folder is read-only or the disk is full.</exception>
    public void CheckStorage() => Store.Probe();
}

/// <summary>Says what is downloaded: name, version, size and hash.</summary>
internal sealed class DownloadLog(TextWriter output)
{
    private readonly HashSet<NpmPackage> underWay = [];

    public void Report(PackageEvent step)
    {
        switch (step.State)
        {
            case PackageState.Downloading:
                underWay.Add(step.Package);
                output.WriteLine($"Downloading {step.Package.Name}, version {step.Package.Version}, by npm");
                break;
            case PackageState.Damaged:
                output.WriteLine($"{step.Package.Tarball} is damaged: its SHA-512 is {step.Sha512}");
                output.WriteLine($"  kept as {step.Path} until it has been downloaded again");
                break;
            case PackageState.Ready when underWay.Remove(step.Package):
                output.WriteLine($"Downloaded {step.Package.Specifier}, {Quantity.Bytes(step.Bytes)}, to {step.Path}");
                output.WriteLine($"  SHA-512 {step.Sha512}, as it should be");
                break;
            default:
                break; // In the cache already: nothing is done, nothing is said.
        }
    }
}
