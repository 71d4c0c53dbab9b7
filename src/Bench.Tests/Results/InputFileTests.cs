using System.Diagnostics;
using System.Net.Sockets;
using Bench.Results;
using Bench.Results.Files;
using Xunit;

namespace Bench.Tests.Results;

/// <summary>What is read is a regular file of a size that is meant, or refused before it is opened.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_regular_file_is_read_as_it_is()
    {
        File.WriteAllText(folder["text"], "é, and a line\n");
        Assert.Null(InputFile.Refusal(folder["text"]));
        Assert.Equal(File.ReadAllBytes(folder["text"]), InputFile.ReadBytes(folder["text"]));
        Assert.Equal("é, and a line\n", InputFile.ReadText(folder["text"]));
    }

    [Fact]
    public void A_missing_file_is_not_refused() => Assert.Null(InputFile.Refusal(folder["nothing"]));

    [Fact]
    public void Fifos_devices_sockets_and_folders_are_not_taken_for_files_and_links_are_followed()
    {
        Fifo(folder["fifo"]);
        File.CreateSymbolicLink(folder["link"], folder["fifo"]);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["socket"]));
        (string Path, string What)[] kinds =
        [
            (folder["fifo"], "is a FIFO, not a regular file"), (folder["link"], "is a FIFO, not a regular file"),
            (folder["socket"], "is a socket, not a regular file"), (folder.Path, "is a folder, not a file"),
            ("/dev/zero", "is a device, not a regular file"), ("/dev/null", "is a device, not a regular file"),
        ];
        Assert.Equal(kinds, kinds.Select(kind => (kind.Path, InputFile.Refusal(kind.Path)!.Value.What)));
        Assert.All(kinds, kind => Assert.Equal(
            $"{kind.Path} {kind.What}", Assert.Throws<SuiteException>(() => InputFile.Open(kind.Path)).Message));
        Assert.All(kinds, kind => Assert.Throws<SuiteException>(() => InputFile.ReadText(kind.Path)));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_unread()
    {
        using (var file = File.Create(folder["large"]))
            file.SetLength(1L << 40);
        var refused = Assert.Throws<SuiteException>(() => InputFile.ReadBytes(folder["large"]));
        Assert.EndsWith($"has {1L << 40} bytes, and such a file has at most {1 << 28}", refused.Message, StringComparison.Ordinal);
    }

    // It has no length, and a read waits for the kernel's next message.
    [Fact]
    public void A_file_without_a_length_is_empty() => Assert.Empty(InputFile.ReadBytes("/proc/self/environ"));

    [Fact]
    public void A_device_is_not_replaced_by_what_is_written()
    {
        Fifo(folder["fifo"]);
        var refused = Assert.Throws<SuiteException>(() => AtomicFile.Write(folder["fifo"], "text"));
        Assert.Contains("it is a FIFO, not a regular file", refused.Message, StringComparison.Ordinal);
        Assert.Equal([folder["fifo"]], Directory.GetFileSystemEntries(folder.Path));
    }

    private static void Fifo(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
    }
}
