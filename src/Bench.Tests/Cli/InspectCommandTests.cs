using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>What <c>bench inspect</c> says of published checkpoints.</summary>
public sealed class InspectCommandTests : IDisposable
{
    private static readonly string Files = Path.Combine(Repository.Root, "src", "Bench.Tests", "Published", "Golden");

    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Checkpoints_are_described_or_refused_as_this_transcript_shows()
    {
        Copy("mdlm/lightning/mdlm.ckpt", "mdlm.ckpt");
        Copy("hdlm/gamma-hub/config.json", "hdlm/config.json");
        Copy("hdlm/gamma-hub/model.safetensors", "hdlm/model.safetensors");
        foreach (string name in new[] { "model.pt", "config.yaml", "added_tokens.json" })
            Copy($"gidd/training/{name}", $"gidd/{name}");
        Copy("duo/hub/model.safetensors", "bare/model.safetensors");
        foreach (string name in new[] { "exec_posix_system.ckpt", "lfs_pointer.safetensors", "net_missing_tensor.safetensors",
            "config.json" })
            Copy($"hostile/{name}", $"hostile/{name}");
        Directory.CreateDirectory(shell.Folder["empty"]);
        GoldenFile.Matches("inspect.txt", shell.Transcript(
            "inspect {folder}/mdlm.ckpt",
            "inspect {folder}/hdlm --tensors",
            "inspect {folder}/gidd",
            "inspect {folder}/gidd --as duo",
            "inspect {folder}/bare",
            "inspect {folder}/bare --as duo",
            "inspect {folder}/bare --as dou",
            "inspect {folder}/hostile/exec_posix_system.ckpt",
            "inspect {folder}/hostile/lfs_pointer.safetensors",
            "inspect {folder}/hostile/net_missing_tensor.safetensors",
            "inspect {folder}/empty",
            "inspect {folder}/nowhere"));
    }

    private void Copy(string from, string to)
    {
        string path = shell.Folder[to];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(Path.Combine(Files, from), path);
    }
}
