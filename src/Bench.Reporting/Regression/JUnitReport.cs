using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Bench.Reporting.Regression;

/// <summary>A check as JUnit XML, which CI servers show as tests: a method is a class, each of its guarded metrics a test.</summary>
public static class JUnitReport
{
    /// <summary>The whole file.</summary>
    /// <param name="check">The check.</param>
    /// <param name="advice">Printed with a failure.</param>
    /// <param name="date">When it was made.</param>
    public static string Write(RegressionCheck check, RegressionAdvice advice, DateTimeOffset date)
    {
        MetricComparison[] guarded = [.. check.Rows.Where(row => row.Verdict != Verdict.Unguarded)];
        XAttribute[] counts = [new("tests", guarded.Length), new("failures", guarded.Count(row => row.Fails)), new("errors", 0), new("skipped", 0), new("time", 0)];
        var file = new XElement(
            "testsuites",
            new XAttribute("name", "bench regress"),
            counts,
            new XElement(
                "testsuite",
                new XAttribute("name", Plain(check.Before.Experiment)),
                counts,
                new XAttribute("timestamp", date.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)),
                guarded.Select(row => Test(check, row, advice))));
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
            file.Save(writer);
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n";
    }

    private static XElement Test(RegressionCheck check, MetricComparison row, RegressionAdvice advice)
    {
        var test = new XElement(
            "testcase", new XAttribute("classname", Plain($"{check.Before.Experiment}.{row.Metric.Method}")), new XAttribute("name", Plain(row.Metric.Name)), new XAttribute("time", 0));
        if (row.Fails)
        {
            test.Add(new XElement(
                "failure",
                new XAttribute("message", Plain(row.Sentence)),
                new XAttribute("type", row.Verdict.ToString().ToLowerInvariant()),
                Plain(string.Join('\n', advice.Lines.Prepend(row.Sentence)))));
        }
        else if (row.Verdict == Verdict.Better)
        {
            test.Add(new XElement("system-out", Plain(row.Sentence)));
        }

        return test;
    }

    // Reasons of failed runs may hold what XML cannot.
    private static string Plain(string text) => string.Concat(text.Select(letter => XmlConvert.IsXmlChar(letter) ? letter : '\uFFFD'));
}
