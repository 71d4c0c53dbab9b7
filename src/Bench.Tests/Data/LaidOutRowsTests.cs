using Bench.Data.Tokens;
using Bench.Numerics;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>Rows as the programs of papers make them, on documents [1 2 3], [4 5] and [6 7 8 9 10] with 0 as the end of text.</summary>
public sealed class LaidOutRowsTests
{
    private static readonly TokenDocuments Documents = Of([1, 2, 3, 0, 4, 5, 0, 6, 7, 8, 9, 10]);

    [Fact]
    public void Documents_are_what_stands_between_separators_and_empty_ones_are_none()
    {
        Assert.Equal([3, 2, 5], Enumerable.Range(0, Documents.Count).Select(Documents.LengthOf));
        var ragged = Of([0, 0, 1, 0, 0, 2, 3, 0]);
        Assert.Equal([1, 2], Enumerable.Range(0, ragged.Count).Select(ragged.LengthOf));
        Assert.Equal(0, Of([0, 0]).Count);
    }

    [Fact]
    public void Packed_rows_cut_documents_that_end_in_end_of_text_and_drop_the_rest() =>
        Assert.Equal([[1, 2, 3, 0], [4, 5, 0, 6], [7, 8, 9, 10]], Rows(RowLayout.Packed, 4, ends: true));

    [Fact]
    public void Packed_rows_may_have_nothing_between_documents() =>
        Assert.Equal([[1, 2, 3, 4], [5, 6, 7, 8]], Rows(RowLayout.Packed, 4, ends: false));

    [Fact]
    public void Wrapped_rows_stand_between_two_ends_of_text()
    {
        Assert.Equal([[0, 1, 2, 3, 0], [0, 0, 4, 5, 0], [0, 0, 6, 7, 0], [0, 8, 9, 10, 0]], Rows(RowLayout.Wrapped, 5, ends: true));
        Assert.Equal([[0, 1, 2, 3, 0], [0, 4, 5, 6, 0], [0, 7, 8, 9, 0]], Rows(RowLayout.Wrapped, 5, ends: false));
    }

    [Fact]
    public void Padded_rows_hold_a_document_each_cut_to_what_fits_between_its_ends()
    {
        Assert.Equal([[0, 1, 2, 3, 0], [0, 4, 5, 0, 0], [0, 6, 7, 8, 0]], Rows(RowLayout.Padded, 5, ends: true));
        Assert.Equal([5, 4, 5], Laid(RowLayout.Padded, 5, ends: true).Read(0, 3).Lengths!);
        Assert.Equal([5, 4, 7], Laid(RowLayout.Padded, 11, ends: true).Read(0, 3).Lengths!);
    }

    [Fact]
    public void A_crop_is_a_window_of_a_document_between_its_ends_and_every_window_is_drawn_equally_often()
    {
        const int Copies = 6000, Length = 5;
        int[] document = [6, 7, 8, 9, 10];
        var many = Of([.. Enumerable.Repeat((int[])[.. document, 0], Copies).SelectMany(tokens => tokens)]);
        var rows = new LaidOutRows(many, 0, RowLayout.Cropped, Length, ends: true);
        string whole = " 0 6 7 8 9 10 0";
        var windows = new Dictionary<string, int>();
        for (int i = 0; i < rows.Count; i++)
        {
            string window = string.Concat(rows.Read(i, 1).Tokens.Select(token => $" {token}"));
            Assert.Contains(window, whole, StringComparison.Ordinal);
            windows[window] = windows.GetValueOrDefault(window) + 1;
        }

        Assert.Equal(3, windows.Count); // 7 tokens have 3 windows of 5
        Assert.All(windows.Values, count => Assert.InRange(count, (Copies / 3) - 200, (Copies / 3) + 200)); // 5 standard deviations
        // What fits is padded, and all of it counts.
        Assert.Equal([[0, 1, 2, 3, 0, 0, 0], [0, 4, 5, 0, 0, 0, 0], [0, 6, 7, 8, 9, 10, 0]], Rows(RowLayout.Cropped, 7, ends: true));
        Assert.Equal([5, 4, 7], Laid(RowLayout.Cropped, 7, ends: true).Read(0, 3).Lengths!);
    }

    [Fact]
    public void The_first_token_of_a_row_may_be_given()
    {
        var batch = new LaidOutRows(Documents, 0, RowLayout.Packed, 4, ends: true, givesFirst: true).Read(0, 2);
        Assert.Equal([true, false, false, false, true, false, false, false], batch.Given!);
        Assert.Equal(3, batch.TargetsOf(0));
    }

    [Theory, InlineData(RowLayout.Packed), InlineData(RowLayout.Wrapped)]
    public void Rows_of_a_long_text_add_up_to_its_documents(RowLayout layout)
    {
        // Documents of 1 to 999 tokens: ends lie at every place of the blocks that a text is read in.
        var random = RandomStream.Root(1);
        int[][] documents = [.. Enumerable.Range(0, 400).Select(i => Enumerable.Range(0, 1 + random.Below(999, i, 0))
            .Select(at => 1 + random.Below(18, i, at + 1)).ToArray())];
        int[] text = [.. documents.SelectMany(document => (int[])[.. document, 0])];
        foreach (bool ends in new[] { true, false })
        {
            var rows = new LaidOutRows(Of(text[..^1]), 0, layout, 128, ends);
            long[] read = [.. Enumerable.Range(0, rows.Count).SelectMany(i => rows.Read(i, 1).Tokens[(layout == RowLayout.Packed ? ..
                : 1..^1)])];
            int[] stream = ends ? text : [.. documents.SelectMany(document => document)];
            Assert.Equal(stream.Take(read.Length).Select(token => (long)token), read);
            Assert.InRange(stream.Length - read.Length, 0, 127);
        }
    }

    [Fact]
    public void A_limit_takes_rows_at_even_distances_by_their_numbers()
    {
        var all = new LaidOutRows(Documents, 0, RowLayout.Packed, 2, ends: true);
        var some = new LaidOutRows(Documents, 0, RowLayout.Packed, 2, ends: true, limit: 2);
        Assert.Equal((6, 6, 2), (all.Count, some.Total, some.Count));
        var batch = some.Read(0, 2);
        Assert.Equal([1, 4], batch.Examples);
        Assert.Equal([.. all.Read(1, 1).Tokens, .. all.Read(4, 1).Tokens], batch.Tokens);
    }

    [Fact]
    public void Texts_and_lengths_that_make_no_row_are_refused()
    {
        var refused = Assert.Throws<SuiteException>(() => Laid(RowLayout.Packed, 14, ends: true));
        Assert.Contains("13 tokens, less than one row of 14", refused.Message, StringComparison.Ordinal);
        Assert.Contains("at most 13", refused.Fix, StringComparison.Ordinal);
        Assert.Equal(1, Laid(RowLayout.Packed, 13, ends: true).Total);
        Assert.Contains("at most 15", Assert.Throws<SuiteException>(() => Laid(RowLayout.Wrapped, 16, ends: true)).Fix,
            StringComparison.Ordinal);
        Assert.Equal(1, Laid(RowLayout.Wrapped, 15, ends: true).Total);
        Assert.Contains("no room", Assert.Throws<SuiteException>(() => Laid(RowLayout.Padded, 2, ends: true)).Message,
            StringComparison.Ordinal);
        Assert.Throws<SuiteException>(() => new LaidOutRows(Of([0, 0]), 0, RowLayout.Padded, 5, ends: true));
    }

    private static TokenDocuments Of(int[] tokens) => new(new TokenArray(new("numbers", 20), tokens), separator: 0);

    private static LaidOutRows Laid(RowLayout layout, int length, bool ends) => new(Documents, 0, layout, length, ends);

    private static long[][] Rows(RowLayout layout, int length, bool ends)
    {
        var rows = Laid(layout, length, ends);
        var batch = rows.Read(0, rows.Count);
        return [.. Enumerable.Range(0, batch.Rows).Select(row => batch.Row(row).ToArray())];
    }
}
