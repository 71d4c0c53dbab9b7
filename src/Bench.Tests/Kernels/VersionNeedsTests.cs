using Bench.Kernels.Loading;
using Xunit;

namespace Bench.Tests.Kernels;

/// <summary>The mark that lets TorchSharp's native library load where libstdc++ is older than the one that it was linked with.</summary>
public sealed class VersionNeedsTests
{
    private const string Runtime = "libstdc++.so.6", Binding = "libLibTorchSharp.so", Version = "GLIBCXX_3.4.32";

    private static readonly byte[] Built = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Binding));

    [Fact]
    public void The_binding_beside_the_program_has_the_mark_only_where_it_is_needed()
    {
        string[] folders = ["/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64"];
        bool isThere = File.ReadAllText(folders.Select(folder => Path.Combine(folder, Runtime)).First(File.Exists),
            System.Text.Encoding.Latin1).Contains($"\0{Version}\0", StringComparison.Ordinal);
        var needs = new VersionNeeds(Built);
        Assert.Equal(isThere, needs.Of(Runtime).Contains(Version));
        Assert.Equal(!isThere, needs.OfWeak(Runtime).Contains(Version));
        Assert.Contains(isThere ? "as it is in its package" : "in a copy that does without", BindingCopy.Describe(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_mark_changes_one_bit_and_once_only()
    {
        byte[] original = Strong(Built), weak = new VersionNeeds([.. original]).Weaken(Runtime, Version);
        Assert.Equal(1, original.Zip(weak).Count(pair => pair.First != pair.Second));
        Assert.Equal(weak, new VersionNeeds([.. weak]).Weaken(Runtime, Version));
        Assert.Equal(new VersionNeeds(original).Of(Runtime).Where(version => version != Version), new VersionNeeds(weak).Of(Runtime));
        Assert.Equal([Version], new VersionNeeds(weak).OfWeak(Runtime));
    }

    [Fact]
    public void Needs_that_are_used_or_absent_are_not_weakened()
    {
        Assert.Contains("uses symbols of GLIBCXX_3.4",
            Assert.Throws<InvalidDataException>(() => new VersionNeeds([.. Built]).Weaken(Runtime, "GLIBCXX_3.4")).Message,
            StringComparison.Ordinal);
        Assert.Contains("for no GLIBCXX_9",
            Assert.Throws<InvalidDataException>(() => new VersionNeeds([.. Built]).Weaken(Runtime, "GLIBCXX_9")).Message,
            StringComparison.Ordinal);
        Assert.Empty(new VersionNeeds(Built).Of("libnothing.so"));
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => new VersionNeeds([]));
        Assert.Throws<InvalidDataException>(() => new VersionNeeds([.. Enumerable.Repeat((byte)'x', 100)]));
        Assert.Throws<InvalidDataException>(() => new VersionNeeds(Built[..Built.Length]
            .Select((value, i) => i == 4 ? (byte)1 : value).ToArray())); // 32 bits
    }

    // As it comes in the package, whatever the build has made of it.
    private static byte[] Strong(byte[] file)
    {
        byte[] weak = new VersionNeeds([.. file]).Weaken(Runtime, Version);
        int at = Enumerable.Range(0, file.Length).FirstOrDefault(i => file[i] != weak[i], -1);
        if (at >= 0)
            return [.. file];
        // It has the mark: the flags behind the hash of the name, which the System V ABI defines.
        uint hash = Version.Aggregate(0u, (h, c) =>
        {
            h = (h << 4) + c;
            uint high = h & 0xf0000000;
            return (h ^ (high >> 24)) & ~high;
        });
        byte[] strong = [.. file];
        int entry = file.AsSpan().IndexOf((byte[])[.. BitConverter.GetBytes(hash), 2, 0]);
        strong[entry + sizeof(uint)] = 0;
        return strong;
    }
}
