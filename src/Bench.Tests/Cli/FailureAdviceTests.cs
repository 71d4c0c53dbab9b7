using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Bench.Cli;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Advice fits its cause.</summary>
public sealed class FailureAdviceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

#pragma warning disable CA2201 // as TorchSharp throws them
    public static TheoryData<Exception> MemoryRanOut { get; } =
    [
        new OutOfMemoryException(),
        new ExternalException("[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: 9 bytes."),
        new ExternalException("std::bad_alloc"),
        new DllNotFoundException("libLibTorchSharp.so: cannot allocate memory in static TLS block"),
        new DllNotFoundException("libtorch_cpu.so: failed to map segment from shared object"),
    ];

    private static Exception Shapes => new ExternalException("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)");
#pragma warning restore CA2201

    [Theory, MemberData(nameof(MemoryRanOut))]
    public void Advice_for_lack_of_memory_is_neither_to_install_nor_to_report(Exception failure)
    {
        string fix = Failures.Explain(failure).Fix;
        Assert.Contains("a smaller batch", fix, StringComparison.Ordinal);
        Assert.DoesNotContain("make setup", fix, StringComparison.Ordinal);
        Assert.DoesNotContain("report what it says", fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_call_was_refused_for_another_reason_memory_is_not_blamed() =>
        Assert.DoesNotContain("memory", Failures.Explain(Shapes).Fix, StringComparison.Ordinal);

    [Fact]
    public void A_library_that_is_missing_is_to_be_installed()
    {
        var missing = new DllNotFoundException("libtorch_cpu.so: no such file");
        Assert.Contains("make setup", Failures.Explain(missing).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_had_enough_is_no_missing_right()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using (new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle))
        {
        }

        var failure = Failures.Explain(Assert.Throws<IOException>(() => pipe.Write(new byte[1])));
        Assert.Equal("The reader of the output has closed it.", failure.What);
        Assert.DoesNotContain("right", failure.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("disk", failure.Fix, StringComparison.Ordinal);
    }

    [Theory, InlineData("methods"), InlineData("schedule mdlm")]
    public void A_closed_output_pipe_is_no_failure(string command) =>
        Assert.Equal(new Answer(0, "0\n", ""), Shelled($"{{ {{ {Bench} {command}; echo $? >&3; }} | true; }} 3>&1"));

    [Fact]
    public void A_deleted_working_folder_is_reported()
    {
        var failure = Shelled($"mkdir gone && cd gone && rmdir ../gone && {Bench} runs").IsReported(code: 1);
        Assert.StartsWith("bench: The folder that the program was started in is not there any more.", failure.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_said_to_be_full()
    {
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
        var failure = Failures.Explain(Assert.Throws<IOException>(() => full.Write(new byte[1])));
        Assert.StartsWith("The disk is full: ", failure.What, StringComparison.Ordinal);
        Assert.Contains("Free some space", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_and_a_closed_output_are_reported_as_such()
    {
        Assert.Contains("bench: The disk is full: ", Shelled($"{Bench} methods > /dev/full").Error, StringComparison.Ordinal);
        var closed = Shelled($"{Bench} methods >&-");
        Assert.Equal(1, closed.Code);
        Assert.StartsWith("bench: The output is closed.\n", closed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("right", closed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_output_and_error_the_exit_code_reports_the_failure()
    {
        Assert.Equal(1, Shelled($"{Bench} methods > /dev/full 2> /dev/full").Code);
        Assert.Equal(2, Shelled($"{Bench} nonsense 2> /dev/full").Code);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_to_be_read_only()
    {
        var failure = Failures.Explain(Assert.ThrowsAny<Exception>(() => Directory.CreateDirectory("/sys/bench")));
        Assert.Contains("read-only", failure.What, StringComparison.Ordinal);
        Assert.Contains("name another folder", failure.Fix, StringComparison.OrdinalIgnoreCase);
        var mounted = Failures.Explain(new IOException("Read-only file system : '/mnt/results'", hresult: 30)); // EROFS
        Assert.Equal("Read-only file system : '/mnt/results': the folder is read-only.", mounted.What);
        Assert.Contains("Name another folder", mounted.Fix, StringComparison.Ordinal);
    }

    private static string Bench => $"dotnet {Path.Combine(AppContext.BaseDirectory, "Bench.Cli.dll")}";

    private Answer Shelled(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", command])
        {
            UseShellExecute = false,
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var shell = Process.Start(start)!;
        var error = shell.StandardError.ReadToEndAsync();
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return new(shell.ExitCode, output, error.Result);
    }
}
