namespace Bench.Experiments.Yaml;

/// <summary>A file that cannot be understood any further than this place.</summary>
internal sealed class SyntaxException(long line, long column, string what, string fix) : Exception(what)
{
    public long Line => line;

    public long Column => column;

    public string Fix => fix;
}
