using System.Runtime.InteropServices;

namespace Bench.Results;

/// <summary>What the machine says about itself.</summary>
internal static class Machine
{
    public const string Unknown = "unknown";

    public static string Runtime => RuntimeInformation.FrameworkDescription;

    public static string OperatingSystem
    {
        get
        {
            string distribution = Line("/etc/os-release", "PRETTY_NAME", '=').Trim('"');
            return distribution == Unknown ? RuntimeInformation.OSDescription : $"{distribution}, kernel {Environment.OSVersion.Version}";
        }
    }

    public static string Processor
    {
        get
        {
            string model = Line("/proc/cpuinfo", "model name", ':');
            return model == Unknown ? RuntimeInformation.ProcessArchitecture.ToString() : model;
        }
    }

    /// <summary>A container's limit where there is one, the machine's memory otherwise.</summary>
    public static long MemoryMib => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;

    private static string Line(string file, string key, char separator)
    {
        if (!File.Exists(file))
            return Unknown;
        string? line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return line is null ? Unknown : line[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim();
    }
}
