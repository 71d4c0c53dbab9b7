using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Bench.Tests.Experiments.Speed;

/// <summary>A test that asks a Python; skipped where there is none, or none with a module that the test needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string? module = null)
    {
        Module = module;
        if (!Knows(module ?? "sys"))
            Skip = $"{Program} is not there{(module is null ? "" : $", or has no {module}")}.";
    }

    /// <summary>The system's, which has what the system's packages bring; else the first on the path.</summary>
    public static string Program { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <summary>What the test needs beside the language.</summary>
    public string? Module { get; }

    private static bool Knows(string module)
    {
        try
        {
            using var python = Process.Start(
                new ProcessStartInfo(Program,
                    ["-c", $"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"]) { RedirectStandardError =
                        true, UseShellExecute = false })!;
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
