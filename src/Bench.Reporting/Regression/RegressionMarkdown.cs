using System.Text;
using Bench.Reporting.Tables;

namespace Bench.Reporting.Regression;

/// <summary>A check as Markdown, for the summary page of a CI job: the verdict, what moved, what to do, and all rows folded.</summary>
public static class RegressionMarkdown
{
    /// <summary>The whole file.</summary>
    public static string Write(RegressionCheck check, RegressionAdvice advice)
    {
        var text = new StringBuilder();
        text.Append($"### {MarkdownTable.Escape(check.Headline)}\n");
        foreach (var row in check.Failures)
            text.Append($"\n- {MarkdownTable.Escape(row.Sentence)}");
        if (check.Failed)
            text.Append("\n\n").AppendJoin("\n\n", advice.Lines.Select(MarkdownTable.Escape)).Append('\n');
        if (check.Moved.Any())
            text.Append('\n').Append(MarkdownTable.Write(RegressionTable.Of(check, all: false)));
        text.Append($"\n<details>\n<summary>All {check.Rows.Length} metrics</summary>\n\n");
        text.Append(MarkdownTable.Write(RegressionTable.Of(check, all: true)));
        return text.Append("\n</details>\n").ToString();
    }
}
