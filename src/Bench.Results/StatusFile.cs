using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Bench.Results.Runs;

namespace Bench.Results;

/// <summary><c>status.json</c> as it is written: a status and its SHA-256, so that no value in the file changes unnoticed.</summary>
/// <param name="State">As in <see cref="RunStatus"/>.</param>
/// <param name="Reason">As in <see cref="RunStatus"/>.</param>
/// <param name="Seconds">As in <see cref="RunStatus"/>.</param>
/// <param name="Files">As in <see cref="FileHashes.ByPath"/>, of a finished run; null in files of versions that kept none.</param>
/// <param name="Sha256">Of all the rest, as canonical JSON; null in files of versions that kept none.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)] // a damaged key is not an absent one
internal sealed record StatusFile(
    RunState State, string? Reason = null, double Seconds = 0, IReadOnlyDictionary<string, string>? Files = null, string? Sha256 = null)
{
    private string Digest =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonFormat.Text(this with { Sha256 = null }))));

    public static string Text(RunStatus status)
    {
        var file = new StatusFile(status.State, status.Reason, status.Seconds, status.Files?.ByPath);
        return JsonFormat.Text(file with { Sha256 = file.Digest });
    }

    /// <summary>Reads what <see cref="Text"/> wrote, or an earlier version.</summary>
    /// <exception cref="SuiteException">The file is damaged; the message names it.</exception>
    public static RunStatus Read(string path)
    {
        var file = JsonFormat.Read<StatusFile>(path);
        if (file.Sha256 is null ? file.Files is not null : file.Sha256 != file.Digest)
        {
            throw new SuiteException(
                $"{path}: this file is damaged: it does not match its own SHA-256.",
                "Restore the file, or delete the run's folder and run the experiment again.");
        }

        return new RunStatus(file.State, file.Reason, file.Seconds) { Files = file.Files is { } files ? new FileHashes(files) : null };
    }
}
