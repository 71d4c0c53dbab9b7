namespace Bench.Methods;

/// <summary>Something that assigns a likelihood to text, and a row of every table.</summary>
public interface IMethod
{
    /// <summary>The name in definitions.</summary>
    string Name { get; }

    /// <summary>The name in tables and figures.</summary>
    string Title { get; }

    /// <summary>Where it was published.</summary>
    string Paper { get; }

    /// <summary>Which equation of the paper is minimised, or counted by.</summary>
    string Equation { get; }
}
