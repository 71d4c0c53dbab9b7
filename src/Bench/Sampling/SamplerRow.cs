using System.Globalization;

namespace Bench.Sampling;

/// <summary>A sampler as definitions and the command line call it: <c>margin</c>, or with a number, <c>acs-0.25</c>.</summary>
/// <param name="Kind">The name without the number.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Number">The number behind it; null where there is none.</param>
/// <param name="Make">The sampler, given a number that is allowed.</param>
public sealed record SamplerRow(string Kind, string Summary, SamplerNumber? Number, Func<double, ISampler> Make)
{
    /// <summary>A name that is understood.</summary>
    public string Example => Number is null ? Kind : string.Create(CultureInfo.InvariantCulture, $"{Kind}-{Number.Example}");

    /// <summary>Whether a name means this sampler, whatever stands where the number belongs.</summary>
    public bool Means(string name) => name == Kind || (Number is not null && name.StartsWith(Kind + "-", StringComparison.Ordinal));

    /// <summary>The sampler of a name that means this one, or what is wrong with the name.</summary>
    public (ISampler? Sampler, string? Problem) Read(string name)
    {
        if (Number is null)
            return (Make(0), null);
        string written = name.Length > Kind.Length ? name[(Kind.Length + 1)..] : "";
        if (!double.TryParse(written, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out double number) || double.IsNaN(number))
            return (null, $"sampler '{name}' needs {Number.Meaning} behind its name, such as {Example}");
        return number >= Number.Least && number <= Number.Most && (!Number.IsWhole || double.IsInteger(number))
            ? (Make(number), null)
            : (null, $"sampler '{name}': {Number.Meaning} is {written}, but it {(Number.IsWhole ? "is" : "lies")} {Number.Range}; {Example} would do");
    }
}

/// <summary>The number in a sampler's name.</summary>
/// <param name="Meaning">What it is.</param>
/// <param name="Least">The smallest that is allowed.</param>
/// <param name="Most">The largest.</param>
/// <param name="Example">A usual one.</param>
public sealed record SamplerNumber(string Meaning, double Least, double Most, double Example)
{
    /// <summary>Whether it counts something.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What is allowed, as text.</summary>
    public string Range => IsWhole ? $"a whole number from {Least} to {Most}"
        : Most == double.MaxValue ? $"at {Least} or above, in nats"
        : $"in [{Least}, {Most}]";
}
