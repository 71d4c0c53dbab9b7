using System.Globalization;
using System.Text;
using Bench.Results.Files;

namespace Bench.Results.Runs;

/// <summary><c>log.txt</c>: what happened to a run and when, over all its restarts. For people; nothing reads it and nothing is compared with it.</summary>
public sealed class RunLog : IDisposable
{
    private readonly TimeProvider clock;
    private readonly FileStream file;

    internal RunLog(string path, TimeProvider clock)
    {
        this.clock = clock;
        InputFile.Require(path); // opening a FIFO would wait for a reader
        file = Storage.Guard(path, () => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
    }

    /// <summary>Adds a line behind the time (UTC), or several, and hands them to the system at once. Where they cannot be kept they are lost: no run ends for its log.</summary>
    public void Add(string text)
    {
        string time = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        try
        {
            file.Write(Encoding.UTF8.GetBytes($"{time} {text.ReplaceLineEndings("\n    ").TrimEnd()}\n"));
            file.Flush();
        }
        catch (IOException)
        {
            // A full disk is reported where results are written.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
