namespace Bench.Data.Downloads;

/// <summary>What happens to a package.</summary>
public enum PackageState
{
    /// <summary>npm has been asked for it.</summary>
    Downloading,

    /// <summary>It is in the cache and its hash is right.</summary>
    Ready,

    /// <summary>The hash of the file in the cache is wrong; it is kept under another name until it has been downloaded again.</summary>
    Damaged,
}

/// <summary>A step on the way to a package, for a progress display.</summary>
/// <param name="Package">The package.</param>
/// <param name="State">What happens to it.</param>
/// <param name="Bytes">The size of the tarball, 0 while it is downloaded.</param>
/// <param name="Sha512">The hash found, in base 64; empty while it is downloaded.</param>
/// <param name="Path">Where the tarball lies or will lie; of a damaged one, where it is kept.</param>
public sealed record PackageEvent(NpmPackage Package, PackageState State, long Bytes, string Sha512, string Path);
