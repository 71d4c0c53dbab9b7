using System.Globalization;

namespace Bench.Cli;

/// <summary>How busy this machine is with what others do on it.</summary>
internal static class MachineLoad
{
    /// <summary>Processes that were at work in the last minute, on average; null where the system does not say.</summary>
    public static double? Read()
    {
        const string File = "/proc/loadavg"; // "0.52 1.18 2.97 2/345 6789"
        try
        {
            string first = System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Split(' ')[0] : "";
            return double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out double load) ? load : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
