using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>Texts that are only measured, as folders.</summary>
public sealed class TextFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_document_is_a_line_of_json_or_what_stands_before_an_end_mark()
    {
        folder.Write("test.jsonl", "{\"id\": 1, \"text\": \"one , two\"}\n\n{\"text\": \"\\u00e9\\n\"}\n");
        Assert.Equal(["one, two", "é\n"], Documents(Of(detokenizer: Detokenizer.WikiText)));
        File.Delete(folder["test.jsonl"]);
        folder.Write("test.txt", "one , two\n<|endoftext|>\nthree\n");
        Assert.Equal(["one, two", "three\n"], Documents(Of(detokenizer: Detokenizer.WikiText)));
    }

    [Fact]
    public void The_part_that_is_there_is_the_whole_text_and_the_others_are_empty()
    {
        folder.Write("validation.jsonl", "{\"sentence\": \"a b\"}\n{\"sentence\": \"c\"}\n");
        var text = Of(Split.Validation, "sentence");
        using var data = new DataLibrary(folder["cache"]).Open(text, BytePairTokenizer.Gpt2);
        Assert.Equal((0, 0), (data.Train.Count, data.Test.Count));
        Assert.Equal("a b<|endoftext|>c", BytePairTokenizer.Gpt2.Decode(data.Validation.ToArray()));
        Assert.Equal(["a b", "c"], Documents(text));
    }

    [Fact]
    public void What_a_text_is_named_after_is_its_content_and_how_it_is_read()
    {
        folder.Write("test.jsonl", "{\"text\": \"a\", \"other\": \"b\"}\n");
        string[] names = [Of().Name, Of(field: "other").Name, Of(detokenizer: Detokenizer.Ptb).Name];
        Assert.Equal(3, names.Distinct().Count());
        Assert.Equal(names[0], Of().Name);
        folder.Write("test.jsonl", "{\"text\": \"c\"}\n");
        Assert.NotEqual(names[0], Of().Name);
    }

    [Fact]
    public void A_folder_without_the_part_says_what_it_has()
    {
        Assert.Contains("has no test part: it is empty", Of().Refusal()!.Value.What, StringComparison.Ordinal);
        folder.Write("train.txt", "x");
        Assert.Contains("has no test part: it holds train.txt", Of().Refusal()!.Value.What, StringComparison.Ordinal);
        Assert.Contains("test.jsonl", Of().Refusal()!.Value.Fix, StringComparison.Ordinal);
        Assert.Contains("there is no folder", new TextFolder(folder["no"], Split.Test, "text", Detokenizer.None).Refusal()!.Value.What,
            StringComparison.Ordinal);
        folder.Write("test.txt", "");
        Assert.Contains("is empty", Of().Refusal()!.Value.What, StringComparison.Ordinal);
        Assert.Throws<SuiteException>(() => Of().Name);
    }

    [Theory, InlineData("{\"txt\": \"a\"}"), InlineData("plain"), InlineData("[1]"), InlineData("{\"text\": 5}"), InlineData("{\"text\": ")]
    public void A_line_that_is_no_document_is_named(string line)
    {
        folder.Write("test.jsonl", $"{{\"text\": \"fine\"}}\n{line}\n");
        var refused = Assert.Throws<SuiteException>(() => Documents(Of()));
        Assert.Contains("test.jsonl:2: this line is no JSON object with a text under 'text'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_that_is_no_utf8_is_named()
    {
        File.WriteAllBytes(folder["test.jsonl"], [.. "{\"text\": \""u8, 0xFF, .. "\"}\n"u8]);
        Assert.Contains("is not UTF-8", Assert.Throws<SuiteException>(() => Documents(Of())).Message, StringComparison.Ordinal);
    }

    private TextFolder Of(Split part = Split.Test, string field = "text", Detokenizer? detokenizer = null) =>
        new(folder.Path, part, field, detokenizer ?? Detokenizer.None);

    private static string[] Documents(TextFolder text) =>
        [.. text.Documents(Split.Whole, null!).Select(document => document.Open().ReadToEnd())];
}
