using Bench.Data.Downloads;

namespace Bench.Cli;

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
