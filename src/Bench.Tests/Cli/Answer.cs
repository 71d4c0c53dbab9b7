using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Exit code and output of a command.</summary>
internal sealed record Answer(int Code, string Output, string Error)
{
    /// <summary>As a terminal shows it.</summary>
    public override string ToString() => $"{Output}{Error}exit {Code}\n";

    /// <summary>Asserts that a failure is reported as what happened, then what to do, indented; no stack trace.</summary>
    public Answer IsReported(int code)
    {
        Assert.True(Code == code, $"exit code {Code} instead of {code}\n{this}");
        string[] lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length >= 2, ToString());
        Assert.Contains(": ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("    ", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        return this;
    }
}
