using System.Xml.Linq;
using Bench.Reporting.Html;
using Bench.Reporting.Tables;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class EscapingTests
{
    [Theory]
    [InlineData("50% of a_b & {x}", @"50\% of a\_b \& \{x\}")]
    [InlineData(@"\input{x}", @"\textbackslash{}input\{x\}")]
    [InlineData("$x^2 ~ #1$", @"\$x\textasciicircum{}2 \textasciitilde{} \#1\$")]
    [InlineData("γ-hybrid ≤ 2 ± 1 – yes", @"$\gamma$-hybrid $\le$ 2 $\pm$ 1 -- yes")]
    [InlineData("two\nlines", "two lines")]
    public void No_text_is_a_LaTeX_command(string words, string latex) => Assert.Equal(latex, LatexText.Escape(words));

    [Theory]
    [InlineData("a|b", @"a\|b")]
    [InlineData("*bold* _it_ `code` [x]", @"\*bold\* \_it\_ \`code\` \[x\]")]
    [InlineData("<b>&amp;", "&lt;b&gt;&amp;amp;")]
    [InlineData("two\nlines", "two lines")]
    public void No_text_is_Markdown(string words, string markdown) => Assert.Equal(markdown, MarkdownTable.Escape(words));

    [Fact]
    public void Texts_come_back_from_HTML_as_they_were() =>
        Prop.ForAll<NonNull<string>>(words =>
        {
            string clean = string.Concat(words.Get.Where(letter => letter is >= ' ' and < '\uD800' or '\n' or '\t'));
            var element = XElement.Parse(
                $"<p title=\"{Markup.Escape(clean.Replace('\n', ' ').Replace('\t', ' '))}\">{Markup.Escape(clean)}</p>",
                LoadOptions.PreserveWhitespace);
            return element.Value == clean && element.Attribute("title")!.Value == clean.Replace('\n', ' ').Replace('\t', ' ');
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Characters_that_XML_forbids_are_removed_from_the_page() =>
        Assert.Equal("a\uFFFDb\uFFFDc😀", XElement.Parse($"<p>{Markup.Escape("a\0b\uD800c😀")}</p>").Value);
}
