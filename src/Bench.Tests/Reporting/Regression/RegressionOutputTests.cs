using System.Xml.Linq;
using System.Xml.Schema;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Regression;
using Bench.Results.Runs;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Reporting.Regression;

/// <summary>Output for CI servers.</summary>
public sealed class RegressionOutputTests
{
    private static readonly RegressionAdvice Advice = new("baselines/ci/smoke.csv", "0123456789abcdef0123456789abcdef01234567");
    private static readonly DateTimeOffset Date = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    // As Jenkins, GitLab and the actions of GitHub read it: what the files of Ant's JUnit task hold.
    private const string Schema =
        """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:attributeGroup name="counts">
            <xs:attribute name="name" use="required"/>
            <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
            <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
            <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
            <xs:attribute name="skipped" type="xs:nonNegativeInteger"/>
            <xs:attribute name="time" type="xs:decimal"/>
          </xs:attributeGroup>
          <xs:complexType name="problem"><xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="message"/><xs:attribute name="type" use="required"/></xs:extension></xs:simpleContent></xs:complexType>
          <xs:element name="testsuites"><xs:complexType><xs:sequence>
            <xs:element name="testsuite" maxOccurs="unbounded"><xs:complexType><xs:sequence>
              <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
                <xs:sequence>
                  <xs:element name="skipped" minOccurs="0"/>
                  <xs:element name="error" type="problem" minOccurs="0" maxOccurs="unbounded"/>
                  <xs:element name="failure" type="problem" minOccurs="0" maxOccurs="unbounded"/>
                  <xs:element name="system-out" type="xs:string" minOccurs="0"/>
                  <xs:element name="system-err" type="xs:string" minOccurs="0"/>
                </xs:sequence>
                <xs:attribute name="name" use="required"/><xs:attribute name="classname" use="required"/><xs:attribute name="time" type="xs:decimal"/>
              </xs:complexType></xs:element>
            </xs:sequence><xs:attributeGroup ref="counts"/><xs:attribute name="timestamp" type="xs:dateTime"/></xs:complexType></xs:element>
          </xs:sequence><xs:attributeGroup ref="counts"/></xs:complexType></xs:element>
        </xs:schema>
        """;

    [Theory, InlineData(0, false), InlineData(0.5, false), InlineData(-0.5, true)]
    public void The_XML_is_what_CI_servers_read(double worse, bool failed)
    {
        var check = Check(worse, failed: failed);
        var file = XDocument.Parse(JUnitReport.Write(check, Advice, Date));
        var schemas = new XmlSchemaSet();
        schemas.Add(XmlSchema.Read(System.Xml.XmlReader.Create(new StringReader(Schema)), (_, wrong) => throw wrong.Exception)!);
        file.Validate(schemas, (_, wrong) => throw wrong.Exception);

        var suite = file.Root!.Element("testsuite")!;
        var tests = suite.Elements("testcase").ToList();
        Assert.Equal(check.Rows.Length, tests.Count);
        Assert.Equal(tests.Count,
            tests.Select(test => (test.Attribute("classname")!.Value, test.Attribute("name")!.Value)).Distinct().Count());
        foreach (var counts in new[] { file.Root, suite })
            Assert.Equal((tests.Count, check.Failures.Count()), ((int)counts.Attribute("tests")!, (int)counts.Attribute("failures")!));
        Assert.Equal(check.Failures.Select(row => row.Sentence.Replace('\u0001', '\uFFFD')).Order(),
            tests.Elements("failure").Select(failure => failure.Attribute("message")!.Value).Order());
        Assert.All(tests.Elements("failure"),
            failure => Assert.Contains("git bisect start HEAD 0123456789abcdef", failure.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void The_summary_begins_with_the_verdict_and_ends_with_everything() =>
        GoldenFile.Matches("regression.md", RegressionMarkdown.Write(Check(0.5, calls: 33), Advice));

    [Fact]
    public void The_summary_of_a_check_that_passed_has_no_advice()
    {
        string page = RegressionMarkdown.Write(Check(0), Advice);
        Assert.StartsWith("### smoke: passed: 17 of 17 guarded metrics are as they were.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("bisect", page, StringComparison.Ordinal);
    }

    private static RegressionCheck Check(double worse, int calls = 32, bool failed = false)
    {
        using var folder = new TemporaryFolder();
        GuardedResults.Write(folder["before"], seeds: 5);
        GuardedResults.Write(folder["now"], seeds: 1, worse, calls, failed);
        return RegressionCheck.Of(Baseline.Of(Results("before")), Results("now"));

        Comparison Results(string name) => Comparison.All(new RunStore(folder[name]).ReadAll()).Single();
    }
}
