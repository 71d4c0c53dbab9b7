using Bench.Data.Downloads;
using Bench.Results;

namespace Bench.Data.Corpora;

/// <summary>A named collection of documents, divided into parts.</summary>
public interface ICorpus
{
    /// <summary>Short, lower case, fit for a file name.</summary>
    string Name { get; }

    /// <summary>Changes when the documents or their order change, so that tokens of another version are not taken for this one's.</summary>
    string Fingerprint { get; }

    /// <summary>The documents of a part in their order.</summary>
    /// <exception cref="Bench.Results.SuiteException">The text cannot be had or read.</exception>
    IEnumerable<Document> Documents(Split part, PackageCache packages);
}
