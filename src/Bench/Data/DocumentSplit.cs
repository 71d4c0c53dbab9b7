namespace Bench.Data;

/// <summary>Splits documents by a rule that needs no list: sorted by ordinal name and counted from 0, remainder 8 of a division by 10 is validation, 9 is test.</summary>
public static class DocumentSplit
{
    private const int Period = 10;

    /// <summary>The part of the document at an index of the sorted list.</summary>
    public static Part PartOf(int index) => (index % Period) switch
    {
        Period - 2 => Part.Validation,
        Period - 1 => Part.Test,
        _ => Part.Train,
    };

    /// <summary>The documents of a part, in ordinal order of their names.</summary>
    public static IEnumerable<Document> Take(IEnumerable<Document> documents, Part part) =>
        documents.OrderBy(document => document.Name, StringComparer.Ordinal).Where((_, index) => part == Part.Whole || part == PartOf(index));
}
