using System.Text.RegularExpressions;
using Bench.Results.Files;
using Xunit;

namespace Bench.Tests.Architecture;

/// <summary>One type opens files for reading: <see cref="InputFile"/>, which lets no FIFO and no device through.</summary>
public sealed partial class InputFileTests
{
    // Files of the system, the program itself and its libraries, and locks, whose files are checked before.
    private static readonly string[] Others =
    [
        "src/Bench.Results/Files/InputFile.cs", "src/Bench.Results/Machine.cs",
        "src/Bench.Results/Runs/RunLock.cs", "src/Bench.Results/Storage.cs",
        "src/Bench.Cli/CliEnvironment.cs", "src/Bench.Experiments/Speed/SpeedResult.cs", "src/Bench/Data/Safetensors/SafetensorsFile.cs",
        "src/Kernels/Engine.cs", "src/Kernels/Loading/ArgumentLifetimes.cs", "src/Kernels/Loading/BindingCopy.cs",
        "src/Kernels/Loading/VersionNeeds.cs", "src/Kernels/Ranks/SharedProcessors.cs",
    ];

    [Fact]
    public void Nothing_else_opens_files_for_reading() => Nothing.In(
        from path in Repository.Files("*.cs")
        let name = path.Replace(Path.DirectorySeparatorChar, '/')
        where !name.StartsWith("src/Bench.Tests/", StringComparison.Ordinal) && !Others.Contains(name, StringComparer.Ordinal)
        from line in File.ReadLines(Path.Combine(Repository.Root, path))
        where Opening().IsMatch(line)
        select $"{name}: {line.Trim()}");

    [GeneratedRegex(
        @"\bFile\.(Open(Read|Text|Handle)?|Read\w+)\(|\.Open(Read|Text)\(|FileMode\.Open\b.*\bFileAccess\.Read\b"
        + @"|new StreamReader\((path|@?"")")]
    private static partial Regex Opening();
}
